/* A register loop of four instructions: what a translated block costs when nothing else does. */
#include "../runtime/runtime.h"

static u32 iterations, warm_up_count;

static void work(u32 id, u32 count) {
  u32 left = count, sum = 0, sieve = id;
  asm volatile(
      "1: add %1, %1, #3\n"
      "eor %2, %2, %1\n"
      "subs %0, %0, #1\n"
      "bne 1b"
      : "+r"(left), "+r"(sum), "+r"(sieve)::"cc");
  reports[id].ops = 4ull * count;
  reports[id].field[0] = sieve;
  reports[id].field[1] = sum == 3 * count;
}

static void warm_up(u32 id) {
  work(id, warm_up_count);
}

static void body(u32 id) {
  work(id, iterations);
}

void workload_main(void) {
  iterations = param_number("iterations", 100000000, 1, 4000000000u);
  warm_up_count = param_number("warmup", 200000, 1, 100000000);
  measure("loop", (struct phases){.warm_up = warm_up, .body = body});
  u32 pass = 1;
  for (u32 id = 0; id < vcpus; id++)
    pass &= reports[id].field[1] && (reports[id].field[0] ^ id) == reports[0].field[0];
  report_end(pass, "");
  static const char *const names[] = {"checksum"};
  report_vcpus(names, 1);
}
