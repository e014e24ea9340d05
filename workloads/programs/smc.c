/*
 * Self-modifying code: vCPU 0 rewrites a small function and does the maintenance the architecture asks for; then every
 * vCPU calls it and must run the new version. In every second round the function crosses a page boundary, and then only
 * one of its two pages is written.
 */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

#define CALLS 8u

static u8 code[3 * PAGE] ALIGNED(PAGE);
static volatile u32 round_ready ALIGNED(LINE);
static volatile u32 wanted, function;
static struct {
  volatile u32 round ALIGNED(LINE);
} acknowledged[MAX_VCPUS];
static u32 rounds;

static u32 movw(u32 value) {
  return 0xe3000000u | (value & 0xf000) << 4 | (value & 0xfff); /* movw r0, #value */
}
static u32 movt(u32 value) {
  return 0xe3400000u | (value & 0xf000) << 4 | (value & 0xfff); /* movt r0, #value */
}
#define RETURN 0xe12fff1eu

/* Within a page: three instructions in its middle. Across: the MOVW ends the first page, MOVT and BX start the next. */
static void rewrite(u32 round) {
  u32 across = round & 1, *at = (u32 *)(across ? code + 2 * PAGE - 4 : code + 256);
  static u32 low[2], high[2];
  if (!across || (round & 2)) low[across] = round & 0xffff;
  if (!across || !(round & 2)) high[across] = (round * 7) & 0xffff;
  if (at[0] != movw(low[across])) {
    at[0] = movw(low[across]);
    publish_code((u32)at, 4);
  }
  if (at[1] != movt(high[across]) || at[2] != RETURN) {
    at[1] = movt(high[across]);
    at[2] = RETURN;
    publish_code((u32)(at + 1), 8);
  }
  function = (u32)at;
  wanted = high[across] << 16 | low[across];
}

static u32 call_and_compare(void) {
  u32 (*call)(void) = (u32(*)(void))function;
  u32 stale = 0, expected = wanted;
  for (u32 i = 0; i < CALLS; i++) stale += call() != expected;
  return stale;
}

static void body(u32 id) {
  u64 stale = 0;
  for (u32 round = 1; round <= rounds; round++) {
    if (id == 0) {
      rewrite(round);
      publish(&round_ready, round);
      stale += call_and_compare();
      for (u32 other = 1; other < vcpus; other++) wait_for(&acknowledged[other].round, round);
    } else {
      wait_for(&round_ready, round);
      isb();
      stale += call_and_compare();
      publish(&acknowledged[id].round, round);
    }
  }
  reports[id].ops = (u64)rounds * CALLS;
  reports[id].field[0] = stale;
}

void workload_main(void) {
  rounds = param_number("rounds", 1000, 1, 10000000);
  measure("smc", (struct phases){.body = body});
  u32 stale = 0;
  for (u32 id = 0; id < vcpus; id++) stale += (u32)reports[id].field[0];
  report_end(stale == 0, "rewrites=%u stale_calls=%u", rounds, stale);
  static const char *const names[] = {"stale_calls"};
  report_vcpus(names, 1);
}
