/* The synchronisation instructions, one inline function each. */
#ifndef ATOMIC_H
#define ATOMIC_H
#include "runtime.h"

static inline void dmb(void) { asm volatile("dmb ish" ::: "memory"); }
static inline void dsb(void) { asm volatile("dsb ish" ::: "memory"); }
static inline void isb(void) { asm volatile("isb" ::: "memory"); }
static inline void sev(void) { asm volatile("sev" ::: "memory"); }
static inline void wfe(void) { asm volatile("wfe" ::: "memory"); }
static inline void wfi(void) { asm volatile("wfi" ::: "memory"); }
static inline void relax(void) { asm volatile("yield" ::: "memory"); }
static inline void clrex(void) { asm volatile("clrex" ::: "memory"); }

static inline u32 load(const volatile u32 *p) {
  u32 value;
  asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(p) : "memory");
  return value;
}
static inline void store(volatile u32 *p, u32 value) {
  asm volatile("str %1, [%0]" ::"r"(p), "r"(value) : "memory");
}

static inline u32 ldrex(volatile u32 *p) {
  u32 value;
  asm volatile("ldrex %0, [%1]" : "=r"(value) : "r"(p) : "memory");
  return value;
}
/* 0: stored, 1: not. */
static inline u32 strex(volatile u32 *p, u32 value) {
  u32 failed;
  asm volatile("strex %0, %2, [%1]" : "=&r"(failed) : "r"(p), "r"(value) : "memory");
  return failed;
}

/* A bare LDREX, ADD, STREX loop; returns how often STREX failed. */
static inline u32 atomic_add(volatile u32 *p, u32 amount) {
  u32 failures, value, failed;
  asm volatile(
      "mov %0, #0\n"
      "1: ldrex %1, [%3]\n"
      "add %1, %1, %4\n"
      "strex %2, %1, [%3]\n"
      "cmp %2, #0\n"
      "addne %0, %0, #1\n"
      "bne 1b"
      : "=&r"(failures), "=&r"(value), "=&r"(failed)
      : "r"(p), "r"(amount)
      : "memory", "cc");
  return failures;
}

/* The LL/SC spinlock; spins with YIELD while it sees the lock taken. */
static inline void lock_llsc(volatile u32 *lock) {
  u32 value, failed;
  asm volatile(
      "1: ldrex %0, [%2]\n"
      "cmp %0, #0\n"
      "yieldne\n"
      "bne 1b\n"
      "strex %1, %3, [%2]\n"
      "cmp %1, #0\n"
      "bne 1b\n"
      "dmb ish"
      : "=&r"(value), "=&r"(failed)
      : "r"(lock), "r"(1)
      : "memory", "cc");
}
static inline void unlock_llsc(volatile u32 *lock) {
  dmb();
  store(lock, 0);
}

/* The lock that sleeps in WFE while taken; its unlock sends an event. */
static inline void lock_wfe(volatile u32 *lock) {
  u32 value;
  asm volatile(
      "1: ldrex %0, [%1]\n"
      "teq %0, #0\n"
      "wfene\n"
      "strexeq %0, %2, [%1]\n"
      "teqeq %0, #0\n"
      "bne 1b\n"
      "dmb ish"
      : "=&r"(value)
      : "r"(lock), "r"(1)
      : "memory", "cc");
}
static inline void unlock_wfe(volatile u32 *lock) {
  dmb();
  store(lock, 0);
  dsb();
  sev();
}

#endif
