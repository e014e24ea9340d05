/*
 * What the system registers of CP15, CP14 and the floating-point extension say: the identification registers, the state
 * after a start, and which bits of a register keep what is written. All of it goes into a checksum, which must be that
 * of every other Cortex-A15; `list=1` prints it, to see where two machines part.
 */
#include "../runtime/cp15.h"

static u32 list, checksum, values;

static u32 take(u32 type, struct exception_frame *frame, u32 status, u32 address) {
  (void)status;
  (void)address;
  if (type != EXCEPTION_UNDEFINED) return 0;
  frame->pc += 4;
  return 1;
}

static void note(const char *name, const char *when, u32 value) {
  values++;
  checksum = mix(checksum, value);
  if (list) print("%s %s %x\n", name, when, value);
}

/* An access that is UNDEFINED leaves this behind. */
#define UNTOUCHED 0x5eed5eedu

#define SHOW(name, place)                                                        \
  do {                                                                           \
    u32 value = UNTOUCHED;                                                       \
    asm volatile("mrc " place : "+r"(value));                                    \
    note(name, "is", value);                                                     \
  } while (0)

#define WRITE(name, place, what)                                                 \
  do {                                                                           \
    u32 value = what;                                                            \
    asm volatile("mcr " place "\n isb" ::"r"(value) : "memory");                 \
    value = UNTOUCHED;                                                           \
    asm volatile("mrc " place : "+r"(value)::"memory");                          \
    note(name, "keeps", value);                                                  \
  } while (0)

/* All ones, all zeros, and then as before. */
#define KEEPS(name, place)                                                       \
  do {                                                                           \
    u32 before = UNTOUCHED;                                                      \
    asm volatile("mrc " place : "+r"(before));                                   \
    WRITE(name, place, 0xffffffffu);                                             \
    WRITE(name, place, 0);                                                       \
    asm volatile("mcr " place "\n isb" ::"r"(before) : "memory");                \
  } while (0)

/* Not ID_DFR0 and DBGDIDR: QEMU announces hardware breakpoints, our machine has none. */
static void identification(void) {
  SHOW("MIDR", "p15, 0, %0, c0, c0, 0");
  SHOW("CTR", "p15, 0, %0, c0, c0, 1");
  SHOW("TCMTR", "p15, 0, %0, c0, c0, 2");
  SHOW("TLBTR", "p15, 0, %0, c0, c0, 3");
  SHOW("REVIDR", "p15, 0, %0, c0, c0, 6");
  SHOW("ID_PFR0", "p15, 0, %0, c0, c1, 0");
  SHOW("ID_PFR1", "p15, 0, %0, c0, c1, 1");
  SHOW("ID_AFR0", "p15, 0, %0, c0, c1, 3");
  SHOW("ID_MMFR0", "p15, 0, %0, c0, c1, 4");
  SHOW("ID_MMFR1", "p15, 0, %0, c0, c1, 5");
  SHOW("ID_MMFR2", "p15, 0, %0, c0, c1, 6");
  SHOW("ID_MMFR3", "p15, 0, %0, c0, c1, 7");
  SHOW("ID_ISAR0", "p15, 0, %0, c0, c2, 0");
  SHOW("ID_ISAR1", "p15, 0, %0, c0, c2, 1");
  SHOW("ID_ISAR2", "p15, 0, %0, c0, c2, 2");
  SHOW("ID_ISAR3", "p15, 0, %0, c0, c2, 3");
  SHOW("ID_ISAR4", "p15, 0, %0, c0, c2, 4");
  SHOW("ID_ISAR5", "p15, 0, %0, c0, c2, 5");
  SHOW("CLIDR", "p15, 1, %0, c0, c0, 1");
  SHOW("AIDR", "p15, 1, %0, c0, c0, 7");
  SHOW("CBAR", "p15, 4, %0, c15, c0, 0");
  SHOW("L2ECTLR", "p15, 1, %0, c9, c0, 3");
  SHOW("FPSID", "p10, 7, %0, c0, c0, 0");
  SHOW("MVFR1", "p10, 7, %0, c6, c0, 0");
  SHOW("MVFR0", "p10, 7, %0, c7, c0, 0");
}

/* Every cache that CLIDR of this CPU names, and one that it does not. */
static void caches(void) {
  for (u32 level = 0; level < 3; level++) {
    asm volatile("mcr p15, 2, %0, c0, c0, 0\n isb" ::"r"(level));
    SHOW("CCSIDR", "p15, 1, %0, c0, c0, 0");
  }
}

static void state(void) {
  SHOW("SCTLR", "p15, 0, %0, c1, c0, 0");
  SHOW("ACTLR", "p15, 0, %0, c1, c0, 1");
  SHOW("TTBCR", "p15, 0, %0, c2, c0, 2");
  SHOW("DACR", "p15, 0, %0, c3, c0, 0");
  SHOW("FCSEIDR", "p15, 0, %0, c13, c0, 0");
  SHOW("CNTFRQ", "p15, 0, %0, c14, c0, 0");
  SHOW("DBGDSCR", "p14, 0, %0, c0, c1, 0");
  SHOW("PMCR", "p15, 0, %0, c9, c12, 0");
  SHOW("PMOVSR", "p15, 0, %0, c9, c12, 3");
}

static void kept(void) {
  KEEPS("CPACR", "p15, 0, %0, c1, c0, 2");
  KEEPS("TTBR1", "p15, 0, %0, c2, c0, 1");
  KEEPS("DFSR", "p15, 0, %0, c5, c0, 0");
  KEEPS("IFSR", "p15, 0, %0, c5, c0, 1");
  KEEPS("DFAR", "p15, 0, %0, c6, c0, 0");
  KEEPS("IFAR", "p15, 0, %0, c6, c0, 2");
  KEEPS("PMUSERENR", "p15, 0, %0, c9, c14, 0");
  KEEPS("PMSELR", "p15, 0, %0, c9, c12, 5");
  KEEPS("PRRR", "p15, 0, %0, c10, c2, 0");
  KEEPS("NMRR", "p15, 0, %0, c10, c2, 1");
  KEEPS("CONTEXTIDR", "p15, 0, %0, c13, c0, 1");
  KEEPS("TPIDRURW", "p15, 0, %0, c13, c0, 2");
  KEEPS("TPIDRURO", "p15, 0, %0, c13, c0, 3");
  KEEPS("TPIDRPRW", "p15, 0, %0, c13, c0, 4");
  /* Not CNTKCTL, of which QEMU keeps bits that mean nothing. */
  KEEPS("FPSCR", "p10, 7, %0, c1, c0, 0");
}

static void body(u32 id) {
  if (id != 0) return;
  u32 access;
  asm volatile("mrc p15, 0, %0, c1, c0, 2" : "=r"(access));
  asm volatile("mcr p15, 0, %0, c1, c0, 2\n isb" ::"r"(access | 0xf00000u));
  asm volatile("mcr p10, 7, %0, c8, c0, 0" ::"r"(0x40000000u)); /* FPEXC.EN */
  identification();
  caches();
  state();
  kept();
  reports[0].ops = values;
}

void workload_main(void) {
  list = param_number("list", 0, 0, 1);
  exception_hook = take;
  measure("system-registers", (struct phases){.body = body});
  report_end(1, "values=%u checksum=%x", values, checksum);
  report_vcpus(NULL, 0);
}
