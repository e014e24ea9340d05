/* Indirect calls through a table, and supervisor-call round trips. */
#include "../runtime/runtime.h"

#define TARGET __attribute__((noinline, noclone, noipa))
enum { INDIRECT, SVC };
static u32 kind;
/* Of a vCPU, between its calls of work(). */
static struct {
  u32 order, value;
} state[MAX_VCPUS] ALIGNED(LINE);

typedef u32 (*target)(u32 value);
#define DEFINE(n, expression) \
  static TARGET u32 target_##n(u32 v) { return expression; }
DEFINE(0, v + 1)
DEFINE(1, v ^ 0x5a5a)
DEFINE(2, v * 3)
DEFINE(3, v - 7)
DEFINE(4, (v << 3) | (v >> 29))
DEFINE(5, ~v)
DEFINE(6, v + (v >> 5))
DEFINE(7, v ^ (v << 7))
static const target targets[8] = {target_0, target_1, target_2, target_3, target_4, target_5, target_6, target_7};

static void call_indirect(u32 id, u32 count) {
  const target *volatile table_address = targets;
  const target *table = table_address;
  u32 order = state[id].order, value = state[id].value;
  for (u32 i = 0; i < count; i++) value = table[lcg(&order) >> 29](value);
  state[id].order = order;
  state[id].value = value;
}

/* The same by a switch, so that the check does not use what it checks. */
static u32 call_direct(u32 seed, u32 count) {
  u32 order = seed, v = seed;
  for (u32 i = 0; i < count; i++) {
    switch (lcg(&order) >> 29) {
      case 0: v = v + 1; break;
      case 1: v = v ^ 0x5a5a; break;
      case 2: v = v * 3; break;
      case 3: v = v - 7; break;
      case 4: v = (v << 3) | (v >> 29); break;
      case 5: v = ~v; break;
      case 6: v = v + (v >> 5); break;
      default: v = v ^ (v << 7); break;
    }
  }
  return v;
}

static void call_supervisor(u32 id, u32 count) {
  register u32 value asm("r0") = state[id].value;
  register u32 service asm("r12") = 0;
  for (u32 i = 0; i < count; i++) asm volatile("svc #0" : "+r"(value) : "r"(service) : "lr", "memory", "cc");
  state[id].value = value;
}

static void work(u32 id, u32 count) {
  if (kind == INDIRECT)
    call_indirect(id, count);
  else
    call_supervisor(id, count);
  reports[id].ops += count;
}

static void reset(void) {
  for (u32 id = 0; id < vcpus; id++) state[id].order = state[id].value = lcg_seed(id);
}

void workload_main(void) {
  kind = param_choice("kind", "indirect|svc", INDIRECT);
  u32 iterations = measure_timed("calls", (struct timed){.unit = "iterations",
                                                         .standard = kind == INDIRECT ? 10000000 : 500000,
                                                         .most = 400000000, .reset = reset, .work = work});
  u32 wrong = 0;
  for (u32 id = 0; id < vcpus; id++) {
    u32 seed = lcg_seed(id);
    if (state[id].value != (kind == INDIRECT ? call_direct(seed, iterations) : seed + iterations)) wrong++;
    reports[id].field[0] = state[id].value;
  }
  report_end(wrong == 0, "wrong=%u", wrong);
  static const char *const names[] = {"checksum"};
  report_vcpus(names, 1);
}
