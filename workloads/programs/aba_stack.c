/*
 * A lock-free stack whose pop is LDREX top; LDR next; STREX. vCPUs pop several nodes and push them back at once, in the
 * order in which they popped them, so a top that was A, then B, then A again is common: a store-exclusive that only
 * compares values takes a stale `next`. Every batch starts with a fresh stack and is checked after it; every loop is
 * bounded, so that a broken stack ends the batch and not the run.
 */
#include "../runtime/atomic.h"

#define MAX_NODES 256
#define MAX_HELD 8
#define MAX_TRIES 200000u

/* Nodes are numbered from 1; 0 ends the list. */
static struct node {
  volatile u32 next;
  volatile u32 owner; /* vCPU + 1 while popped, 0 in the stack */
} ALIGNED(LINE) nodes[MAX_NODES + 1] ALIGNED(PAGE);
static volatile u32 top ALIGNED(PAGE);
static volatile u32 broken ALIGNED(LINE); /* batch that was found broken: the others stop it early */

static u32 rounds, batch, node_count, held_count, delay;
static u32 lost, linked, corrupt_rounds;

enum { OPS_FAILURES, OPS_DUPLICATES, OPS_SELF_LINKED, OPS_EMPTY, OPS_STUCK };

/* The node popped, or 0 when the stack is empty or `MAX_TRIES` store-exclusives failed. */
static u32 pop(struct vcpu_report *report) {
  for (u32 tries = 0; tries < MAX_TRIES; tries++) {
    u32 first = ldrex(&top);
    if (first == 0) {
      clrex();
      report->field[OPS_EMPTY]++;
      return 0;
    }
    u32 next = load(&nodes[first].next);
    for (u32 i = 0; i < delay; i++) asm volatile("");
    if (!strex(&top, next)) {
      dmb();
      if (next == first) report->field[OPS_SELF_LINKED]++;
      return first;
    }
    report->field[OPS_FAILURES]++;
  }
  report->field[OPS_STUCK]++;
  return 0;
}

static void push(struct vcpu_report *report, u32 node) {
  for (u32 tries = 0; tries < MAX_TRIES; tries++) {
    u32 first = load(&top);
    store(&nodes[node].next, first);
    dmb();
    if (ldrex(&top) == first) {
      if (!strex(&top, node)) return;
      report->field[OPS_FAILURES]++;
    } else {
      clrex();
    }
  }
  report->field[OPS_STUCK]++;
}

static void one_batch(u32 id, u32 round, struct vcpu_report *report) {
  u32 held[MAX_HELD];
  for (u32 i = 0; i < batch && broken != round; i++) {
    u32 have = 0;
    while (have < held_count) {
      u32 node = pop(report);
      if (node == 0) break;
      if (nodes[node].owner != 0) {
        report->field[OPS_DUPLICATES]++;
        broken = round;
      }
      nodes[node].owner = id + 1;
      held[have++] = node;
    }
    for (u32 k = 0; k < have; k++) {
      nodes[held[k]].owner = 0;
      push(report, held[k]);
    }
    report->ops += have;
  }
}

static void fill(void) {
  for (u32 i = 1; i <= node_count; i++) {
    nodes[i].next = i < node_count ? i + 1 : 0;
    nodes[i].owner = 0;
  }
  top = 1;
}

/* Every node must be in the stack exactly once. */
static void check(void) {
  static u8 seen[MAX_NODES + 1];
  memset(seen, 0, sizeof seen);
  u32 found = 0, node = top;
  while (node != 0 && node <= node_count && !seen[node]) {
    seen[node] = 1;
    found++;
    node = nodes[node].next;
  }
  if (node != 0) linked++;
  lost += node_count - found;
  if (node != 0 || found != node_count) corrupt_rounds++;
}

static void body(u32 id) {
  for (u32 round = 1; round <= rounds; round++) {
    if (id == 0) {
      barrier_gather();
      if (round > 1) check();
      fill();
      barrier_release();
    } else {
      barrier(id);
    }
    one_batch(id, round, &reports[id]);
  }
  barrier(id);
}

void workload_main(void) {
  rounds = param_number("rounds", 200, 1, 1000000);
  batch = param_number("batch", 500, 1, 1000000);
  held_count = param_number("held", 3, 2, MAX_HELD);
  node_count = param_number("nodes", vcpus * held_count + 4, 2, MAX_NODES);
  delay = param_number("delay", 8, 0, 10000);
  measure("aba-stack", (struct phases){.body = body});
  check();
  u64 failures = 0, duplicates = 0, stuck = 0, self_linked = 0;
  for (u32 id = 0; id < vcpus; id++) {
    failures += reports[id].field[OPS_FAILURES];
    duplicates += reports[id].field[OPS_DUPLICATES];
    self_linked += reports[id].field[OPS_SELF_LINKED];
    stuck += reports[id].field[OPS_STUCK];
  }
  u32 pass = corrupt_rounds == 0 && duplicates == 0 && self_linked == 0 && stuck == 0;
  report_end(pass, "skipped=%u corruption=%u duplicates=%U self_linked=%U lost=%u cycles=%u stuck=%U strex_failures=%U",
             vcpus < 2 ? 1u : 0u, corrupt_rounds, duplicates, self_linked, lost, linked, stuck, failures);
  static const char *const names[] = {"strex_failures", "duplicates", "self_linked", "empty", "stuck"};
  report_vcpus(names, COUNT_OF(names));
}
