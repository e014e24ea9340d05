/* The measured part and the lines the harness reads. */
#include "atomic.h"
#include "cp15.h"
#include "internal.h"

/* Put before the workload's name where the same program is built for another system. */
#ifndef NAME_PREFIX
#define NAME_PREFIX ""
#endif

struct vcpu_report reports[MAX_VCPUS];

static const char *workload;
static struct phases phases;

void begin_measured(const char *name) {
  memset(reports, 0, sizeof reports);
  print("@mttcg begin workload=" NAME_PREFIX "%s vcpus=%u freq=%u", name, vcpus, counter_frequency());
  params_print();
  print("\n");
}

static void measured(u32 id) {
  if (phases.warm_up != NULL) phases.warm_up(id);
  if (id == 0) {
    barrier_gather();
    if (phases.reset != NULL) phases.reset();
    begin_measured(workload);
    barrier_release();
  } else {
    barrier(id);
  }
  reports[id].start = counter_now();
  phases.body(id);
  reports[id].end = counter_now();
}

void measure(const char *name, struct phases wanted) {
  params_check_all_read();
  workload = name;
  phases = wanted;
  run_on_all(measured);
}

static u64 first_start(void) {
  u64 start = reports[0].start;
  for (u32 id = 1; id < vcpus; id++) {
    if (reports[id].start < start) start = reports[id].start;
  }
  return start;
}

void report_end(u32 pass, const char *format, ...) {
  u64 end = 0, ops = 0;
  for (u32 id = 0; id < vcpus; id++) {
    if (reports[id].end > end) end = reports[id].end;
    ops += reports[id].ops;
  }
  print("@mttcg end ticks=%U ops=%U check=%s", end - first_start(), ops, pass ? "pass" : "fail");
  report_settling();
  if (*format) {
    __builtin_va_list list;
    __builtin_va_start(list, format);
    print(" ");
    print_list(format, list);
    __builtin_va_end(list);
  }
  print("\n");
  report_warm_up();
}

void report_vcpus(const char *const *names, u32 count) {
  u64 start = first_start();
  for (u32 id = 0; id < vcpus; id++) {
    print("@mttcg vcpu id=%u ticks=%U ops=%U", id, reports[id].end - start, reports[id].ops);
    report_cut(id);
    for (u32 i = 0; i < count; i++) {
      if (text_equal(names[i], "checksum"))
        print(" %s=%x", names[i], (u32)reports[id].field[i]);
      else
        print(" %s=%U", names[i], reports[id].field[i]);
    }
    print("\n");
  }
}
