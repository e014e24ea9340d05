/* A register loop of four instructions: what a translated block costs when nothing else does. */
#include "../runtime/runtime.h"

/* Of a vCPU, between its calls of work(). */
static struct {
  u32 sum, sieve;
} state[MAX_VCPUS] ALIGNED(LINE);

static void work(u32 id, u32 count) {
  u32 left = count, sum = state[id].sum, sieve = state[id].sieve;
  asm volatile(
      "1: add %1, %1, #3\n"
      "eor %2, %2, %1\n"
      "subs %0, %0, #1\n"
      "bne 1b"
      : "+r"(left), "+r"(sum), "+r"(sieve)::"cc");
  state[id].sum = sum;
  state[id].sieve = sieve;
  reports[id].ops += 4ull * count;
}

static void reset(void) {
  for (u32 id = 0; id < vcpus; id++) {
    state[id].sum = 0;
    state[id].sieve = id;
  }
}

void workload_main(void) {
  u32 iterations = measure_timed("loop", (struct timed){.unit = "iterations", .standard = 100000000,
                                                        .most = 4000000000u, .reset = reset, .work = work});
  u32 pass = 1;
  for (u32 id = 0; id < vcpus; id++) {
    pass &= state[id].sum == 3 * iterations && (state[id].sieve ^ id) == state[0].sieve;
    reports[id].field[0] = state[id].sieve;
  }
  report_end(pass, "");
  static const char *const names[] = {"checksum"};
  report_vcpus(names, 1);
}
