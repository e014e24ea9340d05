/* System registers and maintenance operations that workloads use. */
#ifndef CP15_H
#define CP15_H
#include "runtime.h"

static inline u32 current_vcpu(void) {
  u32 id;
  asm volatile("mrc p15, 0, %0, c13, c0, 4" : "=r"(id));
  return id;
}
static inline u64 counter_now(void) {
  u64 now;
  asm volatile("isb\n mrrc p15, 1, %Q0, %R0, c14" : "=r"(now)::"memory");
  return now;
}
static inline u32 counter_frequency(void) {
  u32 frequency;
  asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(frequency));
  return frequency;
}
static inline void timer_compare(u64 deadline) {
  asm volatile("mcrr p15, 3, %Q0, %R0, c14" ::"r"(deadline) : "memory");
}
static inline void timer_control(u32 value) {
  asm volatile("mcr p15, 0, %0, c14, c3, 1\n isb" ::"r"(value) : "memory");
}

static inline u32 fault_register(u32 which) {
  u32 value;
  switch (which) {
    case 0: asm volatile("mrc p15, 0, %0, c5, c0, 0" : "=r"(value)); break; /* DFSR */
    case 1: asm volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(value)); break; /* DFAR */
    case 2: asm volatile("mrc p15, 0, %0, c5, c0, 1" : "=r"(value)); break; /* IFSR */
    default: asm volatile("mrc p15, 0, %0, c6, c0, 2" : "=r"(value)); break; /* IFAR */
  }
  return value;
}

static inline void interrupts_on(void) { asm volatile("cpsie i" ::: "memory"); }
static inline void interrupts_off(void) { asm volatile("cpsid i" ::: "memory"); }

/* TLB maintenance of all vCPUs (inner shareable); the caller issues the DSBs. */
static inline void tlb_flush_address(u32 address) {
  asm volatile("mcr p15, 0, %0, c8, c3, 3" ::"r"(address & ~0xfffu) : "memory"); /* TLBIMVAAIS */
}
static inline void tlb_flush_all(void) {
  asm volatile("mcr p15, 0, %0, c8, c3, 0" ::"r"(0) : "memory"); /* TLBIALLIS */
}

/* Makes instructions written to [address, address + bytes) visible to fetches of every vCPU that then runs ISB. */
static inline void publish_code(u32 address, u32 bytes) {
  u32 first = address & ~31u, end = address + bytes;
  for (u32 line = first; line < end; line += 32)
    asm volatile("mcr p15, 0, %0, c7, c11, 1" ::"r"(line) : "memory"); /* DCCMVAU */
  asm volatile("dsb ish" ::: "memory");
  for (u32 line = first; line < end; line += 32)
    asm volatile("mcr p15, 0, %0, c7, c5, 1" ::"r"(line) : "memory"); /* ICIMVAU */
  asm volatile("mcr p15, 0, %0, c7, c1, 6\n dsb ish\n isb" ::"r"(0) : "memory"); /* BPIALLIS */
}

#endif
