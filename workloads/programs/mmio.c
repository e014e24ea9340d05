/* Reads of one device register from all vCPUs: the path out of translated code into a device model and its locks. */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

enum { PL031, UART, GIC };
static u32 kind;
static u32 latest[MAX_VCPUS]; /* values read */

static volatile u32 *chosen(void) {
  static const u32 registers[] = {RTC_BASE, UART_BASE + 0x18, GICD_BASE + 0x4};
  return device(registers[kind]);
}

static void work(u32 id, u32 count) {
  volatile u32 *at = chosen();
  u32 last = latest[id], wrong = 0;
  for (u32 i = 0; i < count; i++) {
    u32 value = load(at);
    if (kind == PL031)
      wrong += value < last; /* the clock never steps back */
    else if (kind == UART)
      wrong += (value & ~0x1ffu) != 0; /* reserved bits read as zero */
    else
      wrong += value != last; /* the number of lines is fixed */
    last = value;
  }
  latest[id] = last;
  reports[id].ops += count;
  reports[id].field[0] += wrong;
}

static void prepare(u32 id) {
  latest[id] = *chosen();
}

void workload_main(void) {
  kind = param_choice("kind", "pl031|uart|gic", PL031);
  measure_timed("mmio", (struct timed){.unit = "iterations", .standard = 1000000, .most = 400000000,
                                       .prepare = prepare, .work = work});
  u32 wrong = 0;
  for (u32 id = 0; id < vcpus; id++) wrong += (u32)reports[id].field[0];
  u32 processors = ((latest[0] >> 5) & 7) + 1;
  report_end(wrong == 0 && (kind != GIC || processors >= vcpus), "wrong=%u", wrong);
  static const char *const names[] = {"wrong"};
  report_vcpus(names, 1);
}
