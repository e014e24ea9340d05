/* Switching the floating-point extension on. The programs are soft-float: only their assembly uses it. */
#ifndef VFP_H
#define VFP_H
#include "runtime.h"

static inline void enable_vfp(void) {
  u32 access;
  asm volatile(
      ".fpu neon-vfpv4\n"
      "mrc p15, 0, %0, c1, c0, 2\n"
      "orr %0, %0, #0xf00000\n"
      "mcr p15, 0, %0, c1, c0, 2\n"
      "isb\n"
      "mov %0, #0x40000000\n"
      "vmsr fpexc, %0\n"
      "mov %0, #0\n"
      "vmsr fpscr, %0"
      : "=r"(access));
}

#endif
