/* Interrupts of the virtual timer: every vCPU sleeps until it has counted its own; none may come before its deadline. */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

#define VIRTUAL_TIMER 27u
#define TIMER_ON 1u
#define TIMER_OFF 0u

static u32 ticks, interval;
static struct {
  volatile u32 count;
  u32 early, others;
  u64 deadline, latest;
} state[MAX_VCPUS] ALIGNED(LINE);

static void handle(u32 id, u32 number) {
  if (number != VIRTUAL_TIMER) {
    state[id].others++;
    return;
  }
  u64 now = counter_now();
  if (now < state[id].deadline)
    state[id].early++;
  else if (now - state[id].deadline > state[id].latest)
    state[id].latest = now - state[id].deadline;
  if (++state[id].count == ticks) {
    timer_control(TIMER_OFF);
    return;
  }
  state[id].deadline = now + interval;
  timer_compare(state[id].deadline);
}

static void enable(u32 id) {
  (void)id;
  timer_control(TIMER_OFF);
  gic_enable_vcpu();
  gic_enable_private(VIRTUAL_TIMER);
}

static void body(u32 id) {
  interrupts_off();
  state[id].deadline = counter_now() + interval;
  timer_compare(state[id].deadline);
  timer_control(TIMER_ON);
  while (state[id].count < ticks) {
    wfi();
    interrupts_on();
    isb();
    interrupts_off();
  }
  reports[id].ops = ticks;
}

void workload_main(void) {
  ticks = param_number("ticks", 200, 1, 1000000);
  u32 microseconds = param_number("interval", 1000, 10, 10000000);
  interval = (u32)((u64)(counter_frequency() / 1000) * microseconds >> 10); /* 1024 in place of 1000: no 64-bit division */
  if (interval == 0) fail("parameter interval=%u is shorter than one tick of the counter", microseconds);
  interrupt_handler = handle;
  measure("timer", (struct phases){.warm_up = enable, .body = body});
  u32 early = 0, wrong = 0;
  for (u32 id = 0; id < vcpus; id++) {
    early += state[id].early;
    /* Fewer ticks of the counter than ticks * interval would mean that one was not waited for. */
    wrong += state[id].count != ticks || state[id].others != 0;
    wrong += reports[id].end - reports[id].start < (u64)ticks * interval;
    reports[id].field[0] = state[id].count;
    reports[id].field[1] = state[id].early;
    reports[id].field[2] = state[id].latest;
  }
  report_end(early == 0 && wrong == 0, "early=%u wrong=%u", early, wrong);
  static const char *const names[] = {"count", "early", "latest_ticks"};
  report_vcpus(names, COUNT_OF(names));
}
