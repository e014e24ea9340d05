/* Software-generated interrupts there and back between pairs of vCPUs that sleep in WFI. */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

#define PING 1u
#define PONG 2u

static u32 rounds, warm_up_rounds;
static struct {
  volatile u32 pings, pongs, others;
} seen[MAX_VCPUS] ALIGNED(LINE);

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
    for (u32 round = 1; round <= count; round++) {
      gic_send(id + 1, PING);
      sleep_until(&seen[id].pongs, round);
    }
    reports[id].ops = count;
  } else {
    sleep_until(&seen[id].pings, count);
  }
}

static void warm_up(u32 id) {
  gic_enable_vcpu();
  barrier(id);
  work(id, warm_up_rounds);
}

static void reset(void) {
  for (u32 id = 0; id < vcpus; id++) seen[id].pings = seen[id].pongs = seen[id].others = 0;
}

static void body(u32 id) {
  work(id, rounds);
}

void workload_main(void) {
  rounds = param_number("rounds", 2000, 1, 100000000);
  warm_up_rounds = param_number("warmup", 10, 1, 100000000);
  interrupt_handler = handle;
  measure("ipi", (struct phases){.warm_up = warm_up, .reset = reset, .body = body});
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
