/* One critical section of plain increments under no lock (the negative control), an LL/SC spinlock or a WFE lock. */
#include "../runtime/atomic.h"

enum { NONE, LLSC, WFE };

static struct {
  volatile u32 lock ALIGNED(LINE);
  volatile u32 count[4] ALIGNED(LINE);
} shared;
static u32 kind;

static inline void section(void) {
  for (u32 i = 0; i < COUNT_OF(shared.count); i++) shared.count[i]++;
}

static void work_none(u32 count) {
  for (u32 i = 0; i < count; i++) section();
}

static void work_llsc(u32 count) {
  for (u32 i = 0; i < count; i++) {
    lock_llsc(&shared.lock);
    section();
    unlock_llsc(&shared.lock);
  }
}

static void work_wfe(u32 count) {
  for (u32 i = 0; i < count; i++) {
    lock_wfe(&shared.lock);
    section();
    unlock_wfe(&shared.lock);
  }
}

static void work(u32 id, u32 count) {
  if (kind == NONE)
    work_none(count);
  else if (kind == LLSC)
    work_llsc(count);
  else
    work_wfe(count);
  reports[id].ops += count;
}

static void reset(void) {
  memset(&shared, 0, sizeof shared);
}

void workload_main(void) {
  kind = param_choice("kind", "none|llsc|wfe", LLSC);
  u32 iterations = measure_timed("lock-kinds", (struct timed){.unit = "iterations", .standard = 1000000,
                                                              .most = 400000000, .reset = reset, .work = work});
  u32 lost = 0;
  for (u32 i = 0; i < COUNT_OF(shared.count); i++) lost += iterations * vcpus - shared.count[i];
  report_end(lost == 0, "lost=%u", lost);
  report_vcpus(NULL, 0);
}
