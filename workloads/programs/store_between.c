/*
 * vCPU 0 loads exclusively, vCPU 1 then stores, vCPU 0 then stores exclusively: the order is forced by a hand-shake of
 * plain loads and stores on other pages. A store of another vCPU to the reserved word must make STREX fail, whatever the
 * value stored; for a neighbouring word, line or page it may.
 */
#include "../runtime/atomic.h"

static u8 target[2 * PAGE] ALIGNED(PAGE);
static volatile u32 request ALIGNED(PAGE);
static volatile u32 answer ALIGNED(PAGE);
static volatile u32 job_kind, job_value;
static u8 after_handshake[PAGE] ALIGNED(PAGE) __attribute__((used));

enum { NOTHING, SAME_VALUE, OTHER_VALUE, THERE_AND_BACK, BY_EXCLUSIVE, NEIGHBOUR, SAME_LINE, SAME_PAGE, KINDS };
static const struct {
  const char *name;
  u32 must_fail, offset;
} kinds[KINDS] = {
    [NOTHING] = {"no-store", 0, 0},
    [SAME_VALUE] = {"same-value", 1, 0},
    [OTHER_VALUE] = {"different-value", 1, 0},
    [THERE_AND_BACK] = {"there-and-back", 1, 0},
    [BY_EXCLUSIVE] = {"by-exclusive-same-value", 1, 0},
    [NEIGHBOUR] = {"neighbour-word", 0, 4},
    [SAME_LINE] = {"same-line", 0, 32},
    [SAME_PAGE] = {"same-page", 0, 2048},
};

static u32 rounds;
static u32 succeeded[KINDS], failed[KINDS], wrong_value[KINDS];

static volatile u32 *word(u32 offset) {
  return (volatile u32 *)(target + offset);
}

static void reserve_and_store(void) {
  u32 sequence = 0;
  for (u32 kind = 0; kind < KINDS; kind++) {
    for (u32 i = 0; i < rounds; i++) {
      u32 value = i + 7;
      store(word(0), value);
      job_kind = kind;
      job_value = value;
      sequence++;
      dmb();
      u32 loaded = ldrex(word(0));
      dmb();
      store(&request, sequence);
      while (load(&answer) != sequence) relax();
      dmb();
      u32 refused = strex(word(0), loaded + 1000);
      if (refused)
        failed[kind]++;
      else
        succeeded[kind]++;
      u32 other = kind == OTHER_VALUE ? value + 1 : value;
      if (load(word(0)) != (refused ? other : loaded + 1000)) wrong_value[kind]++;
    }
  }
  reports[0].ops = sequence;
}

static void store_on_request(void) {
  u32 last = KINDS * rounds;
  for (u32 sequence = 1; sequence <= last; sequence++) {
    while (load(&request) != sequence) relax();
    dmb();
    u32 kind = job_kind, value = job_value;
    volatile u32 *at = word(kinds[kind].offset);
    switch (kind) {
      case NOTHING: break;
      case OTHER_VALUE: store(at, value + 1); break;
      case THERE_AND_BACK:
        store(at, value + 1);
        dmb();
        store(at, value);
        break;
      case BY_EXCLUSIVE:
        while (strex(at, ldrex(at))) {
        }
        break;
      default: store(at, value); break;
    }
    dmb();
    store(&answer, sequence);
  }
}

static void body(u32 id) {
  if (vcpus < 2) return;
  if (id == 0) reserve_and_store();
  if (id == 1) store_on_request();
}

void workload_main(void) {
  rounds = param_number("rounds", 2000, 1, 10000000);
  measure("store-between", (struct phases){.body = body});
  u32 pass = 1;
  for (u32 kind = 0; kind < KINDS; kind++) {
    if (wrong_value[kind] || (kinds[kind].must_fail && succeeded[kind])) pass = 0;
  }
  report_end(pass, "skipped=%u strex_succeeded=%u strex_failed=%u", vcpus < 2 ? 1u : 0u, succeeded[SAME_VALUE],
             failed[SAME_VALUE]);
  report_vcpus(NULL, 0);
  if (vcpus < 2) return;
  for (u32 kind = 0; kind < KINDS; kind++) {
    print("@mttcg outcome name=%s count=%u strex_succeeded=%u strex_failed=%u wrong_value=%u must_fail=%u\n",
          kinds[kind].name, succeeded[kind], succeeded[kind], failed[kind], wrong_value[kind], kinds[kind].must_fail);
  }
}
