/* Software-generated interrupts there and back between pairs of vCPUs that sleep in WFI. */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

#define PING 1u
#define PONG 2u

static struct {
  volatile u32 pings, pongs, others;
} seen[MAX_VCPUS] ALIGNED(LINE);
static u32 served[MAX_VCPUS]; /* pings that a vCPU is to have answered when its work ends */

static void handle(u32 id, u32 number) {
  if (number == PING) {
    seen[id].pings++;
    gic_send(id - 1, PONG);
  } else if (number == PONG) {
    seen[id].pongs++;
  } else {
    seen[id].others++;
  }
}

/* Interrupts are off around the test, and WFI wakes for a pending one all the same, so none is slept through. */
static void sleep_until(volatile u32 *count, u32 value) {
  interrupts_off();
  while (*count < value) {
    wfi();
    interrupts_on();
    isb();
    interrupts_off();
  }
}

static void work(u32 id, u32 count) {
  u32 even = (id & 1) == 0;
  if ((id | 1) >= vcpus) return; /* without a partner */
  if (even) {
    for (u32 i = 0; i < count; i++) {
      u32 before = seen[id].pongs;
      gic_send(id + 1, PING);
      sleep_until(&seen[id].pongs, before + 1);
    }
    reports[id].ops += count;
  } else {
    served[id] += count;
    sleep_until(&seen[id].pings, served[id]);
  }
}

/* The runtime lets the vCPUs meet before their first round. */
static void prepare(u32 id) {
  (void)id;
  gic_enable_vcpu();
}

static void reset(void) {
  for (u32 id = 0; id < vcpus; id++) seen[id].pings = seen[id].pongs = seen[id].others = served[id] = 0;
}

void workload_main(void) {
  interrupt_handler = handle;
  u32 rounds = measure_timed("ipi", (struct timed){.unit = "rounds", .standard = 2000, .most = 100000000,
                                                   .prepare = prepare, .reset = reset, .work = work});
  u32 wrong = 0;
  for (u32 id = 0; id < vcpus; id++) {
    u32 paired = (id | 1) < vcpus;
    wrong += seen[id].pings != (paired && (id & 1) ? rounds : 0);
    wrong += seen[id].pongs != (paired && !(id & 1) ? rounds : 0);
    wrong += seen[id].others != 0;
    reports[id].field[0] = seen[id].pings;
    reports[id].field[1] = seen[id].pongs;
  }
  report_end(wrong == 0, "skipped=%u wrong=%u", vcpus < 2 ? 1u : 0u, wrong);
  static const char *const names[] = {"pings", "pongs"};
  report_vcpus(names, COUNT_OF(names));
}
