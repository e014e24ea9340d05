/* Every vCPU takes one spinlock in turn and flips two words that must always differ: the classic atomics stress. */
#include "../runtime/atomic.h"

static struct {
  volatile u32 lock ALIGNED(LINE);
  volatile u32 a ALIGNED(LINE);
  volatile u32 b;
  volatile u32 entries;
} shared;
static u32 iterations, warm_up_count;

static void work(u32 id, u32 count) {
  u32 errors = 0;
  for (u32 i = 0; i < count; i++) {
    lock_llsc(&shared.lock);
    u32 a = shared.a;
    if (a == shared.b) errors++;
    shared.a = a ^ 1;
    shared.b = a;
    shared.entries++;
    unlock_llsc(&shared.lock);
  }
  reports[id].ops = count;
  reports[id].field[0] = errors;
}

static void reset(void) {
  shared.lock = shared.a = shared.entries = 0;
  shared.b = 1;
}

static void warm_up(u32 id) {
  work(id, warm_up_count);
}

static void body(u32 id) {
  work(id, iterations);
}

void workload_main(void) {
  iterations = param_number("iterations", 1000000, 1, 400000000);
  warm_up_count = param_number("warmup", 5000, 1, 100000000);
  reset();
  measure("atomic-stress", (struct phases){.warm_up = warm_up, .reset = reset, .body = body});
  u32 errors = 0, entries = shared.entries;
  for (u32 id = 0; id < vcpus; id++) errors += (u32)reports[id].field[0];
  report_end(errors == 0 && entries == iterations * vcpus, "errors=%u lost=%u", errors, iterations * vcpus - entries);
  static const char *const names[] = {"errors"};
  report_vcpus(names, 1);
}
