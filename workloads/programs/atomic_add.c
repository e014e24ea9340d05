/* Bare LDREX, ADD, STREX increments; each vCPU walks over the counters in an order of its own, or has counters of its
   own. */
#include "../runtime/atomic.h"

enum { SHARED, PRIVATE };

static u32 counters, owner, delay, shift;
static u8 *areas[MAX_VCPUS]; /* all the same one when the counters are shared */
/* Where each vCPU is in its order, between its calls of work(). */
static struct {
  u32 state ALIGNED(LINE);
} order[MAX_VCPUS];

static volatile u32 *counter(u32 id, u32 index) {
  return (volatile u32 *)(areas[id] + index * LINE);
}

static u32 pick(u32 *state) {
  return counters == 1 ? 0 : lcg(state) >> shift;
}

/* The same increment with work between load and store, to show which vCPUs still make progress. */
static u32 slow_add(volatile u32 *p) {
  for (u32 failures = 0;; failures++) {
    u32 value = ldrex(p);
    for (u32 i = 0; i < delay; i++) asm volatile("");
    if (!strex(p, value + 1)) return failures;
  }
}

static void work(u32 id, u32 count) {
  u32 state = order[id].state;
  u64 failures = 0;
  if (delay) {
    for (u32 i = 0; i < count; i++) failures += slow_add(counter(id, pick(&state)));
  } else if (counters == 1) {
    volatile u32 *only = counter(id, 0);
    for (u32 i = 0; i < count; i++) failures += atomic_add(only, 1);
  } else {
    for (u32 i = 0; i < count; i++) failures += atomic_add(counter(id, lcg(&state) >> shift), 1);
  }
  order[id].state = state;
  reports[id].ops += count;
  reports[id].field[0] += failures;
}

static void reset(void) {
  for (u32 id = 0; id < vcpus; id++) {
    memset(areas[id], 0, counters * LINE);
    order[id].state = lcg_seed(id);
  }
}

void workload_main(void) {
  counters = param_number("counters", 1, 1, 4096);
  owner = param_choice("owner", "shared|private", SHARED);
  delay = param_number("delay", 0, 0, 100000);
  if (counters & (counters - 1)) fail("parameter counters=%u is not a power of two", counters);
  shift = 32 - (u32)__builtin_ctz(counters);
  for (u32 id = 0; id < vcpus; id++)
    areas[id] = owner == SHARED && id > 0 ? areas[0] : allocate(counters * LINE, PAGE);
  u32 iterations = measure_timed("atomic-add", (struct timed){.unit = "iterations", .standard = 1000000,
                                                              .most = 400000000, .reset = reset, .work = work});

  /* What every counter must hold follows from the seeds. */
  u32 *expected = allocate(counters * 4, 4);
  memset(expected, 0, counters * 4);
  u32 total = 0, wrong = 0, failures = 0;
  for (u32 id = 0; id < vcpus; id++) {
    u32 state = lcg_seed(id);
    for (u32 i = 0; i < iterations; i++) expected[pick(&state)]++;
    if (owner == SHARED && id + 1 < vcpus) continue;
    for (u32 i = 0; i < counters; i++) {
      total += *counter(id, i);
      if (*counter(id, i) != expected[i]) wrong++;
    }
    memset(expected, 0, counters * 4);
  }
  for (u32 id = 0; id < vcpus; id++) failures += (u32)reports[id].field[0];
  report_end(wrong == 0, "total=%u lost=%u wrong_counters=%u strex_failures=%u", total, iterations * vcpus - total,
             wrong, failures);
  static const char *const names[] = {"strex_failures"};
  report_vcpus(names, 1);
}
