/* Every vCPU takes one spinlock in turn and flips two words that must always differ: the classic atomics stress. */
#include "../runtime/atomic.h"

static struct {
  volatile u32 lock ALIGNED(LINE);
  volatile u32 a ALIGNED(LINE);
  volatile u32 b;
  volatile u32 entries;
} shared;

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
  reports[id].ops += count;
  reports[id].field[0] += errors;
}

static void reset(void) {
  shared.lock = shared.a = shared.entries = 0;
  shared.b = 1;
}

void workload_main(void) {
  u32 iterations = measure_timed("atomic-stress", (struct timed){.unit = "iterations", .standard = 1000000,
                                                                 .most = 400000000, .reset = reset, .work = work});
  u32 errors = 0, entries = shared.entries;
  for (u32 id = 0; id < vcpus; id++) errors += (u32)reports[id].field[0];
  report_end(errors == 0 && entries == iterations * vcpus, "errors=%u lost=%u", errors, iterations * vcpus - entries);
  static const char *const names[] = {"errors"};
  report_vcpus(names, 1);
}
