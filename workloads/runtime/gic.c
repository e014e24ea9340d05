/* GICv2: private and software-generated interrupts only. */
#include "atomic.h"
#include "cp15.h"

#define GICD_CTLR 0x000
#define GICD_ISENABLER 0x100
#define GICD_SGIR 0xf00
#define GICC_CTLR 0x000
#define GICC_PMR 0x004

void gic_enable_vcpu(void) {
  if (current_vcpu() == 0) *device(GICD_BASE + GICD_CTLR) = 1;
  *device(GICC_BASE + GICC_PMR) = 0xff;
  *device(GICC_BASE + GICC_CTLR) = 1;
}

void gic_enable_private(u32 number) {
  *device(GICD_BASE + GICD_ISENABLER) = 1u << number;
}

void gic_send(u32 target, u32 number) {
  dsb(); /* what was stored before is seen by the target when it takes the interrupt */
  *device(GICD_BASE + GICD_SGIR) = 1u << (16 + target) | number;
}
