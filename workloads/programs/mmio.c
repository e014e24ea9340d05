/* Reads of one device register from all vCPUs: the path out of translated code into a device model and its locks. */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

enum { PL031, UART, GIC };
static u32 kind, iterations, warm_up_count;

static void work(u32 id, u32 count) {
  static const u32 registers[] = {RTC_BASE, UART_BASE + 0x18, GICD_BASE + 0x4};
  volatile u32 *at = device(registers[kind]);
  u32 last = *at, wrong = 0;
  for (u32 i = 1; i < count; i++) {
    u32 value = load(at);
    if (kind == PL031)
      wrong += value < last; /* the clock never steps back */
    else if (kind == UART)
      wrong += (value & ~0x1ffu) != 0; /* reserved bits read as zero */
    else
      wrong += value != last; /* the number of lines is fixed */
    last = value;
  }
  reports[id].ops = count;
  reports[id].field[0] = wrong;
  reports[id].field[1] = last;
}

static void warm_up(u32 id) {
  work(id, warm_up_count);
}

static void body(u32 id) {
  work(id, iterations);
}

void workload_main(void) {
  kind = param_choice("kind", "pl031|uart|gic", PL031);
  iterations = param_number("iterations", 1000000, 2, 400000000);
  warm_up_count = param_number("warmup", 5000, 1, 100000000);
  measure("mmio", (struct phases){.warm_up = warm_up, .body = body});
  u32 wrong = 0;
  for (u32 id = 0; id < vcpus; id++) wrong += (u32)reports[id].field[0];
  u32 processors = (((u32)reports[0].field[1] >> 5) & 7) + 1;
  report_end(wrong == 0 && (kind != GIC || processors >= vcpus), "wrong=%u", wrong);
  static const char *const names[] = {"wrong"};
  report_vcpus(names, 1);
}
