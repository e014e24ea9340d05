/*
 * The exclusive monitor's rules, one outcome line each. kind=rule counts violations (the architecture leaves no choice);
 * kind=report counts how often a store-exclusive succeeded (or faulted, as the name says) where the architecture leaves the choice.
 */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

enum {
  AFTER_CLREX, WITHOUT_LDREX, SECOND_STREX, AFTER_FAILED, KERNEL_CLREX, KERNEL_DUMMY, PAIR_BYTE, PAIR_HALF, PAIR_WORD,
  PAIR_DOUBLE, OTHER_ADDRESS_CONSISTENT, UNALIGNED_LDREX, UNALIGNED_LDREXH, UNALIGNED_LDREXD, UNALIGNED_STREX,
  SHARED_BYTES, SHARED_HALVES, SHARED_DOUBLE, SWAP_WORD, SWAP_BYTE, RULES
};
static const char *const rule_names[RULES] = {
  "strex-after-clrex", "strex-without-ldrex", "second-strex-after-success", "strex-after-failed-strex",
  "kernel-clears-by-clrex", "kernel-clears-by-dummy-strex", "ldrexb-strexb-pair", "ldrexh-strexh-pair",
  "ldrex-strex-pair", "ldrexd-strexd-pair", "strex-elsewhere-is-consistent", "unaligned-ldrex-faults",
  "unaligned-ldrexh-faults", "unaligned-ldrexd-faults", "unaligned-strex-stores-nothing", "shared-bytes-exact",
  "shared-halfwords-exact", "shared-doubleword-exact", "swp-loses-no-token", "swpb-loses-no-token"
};
enum { ELSEWHERE, BYTE_AFTER_WORD, HALF_AFTER_WORD, DOUBLE_AFTER_WORD, AFTER_SERVICE, OWN_STORE,
  UNALIGNED_TAKEN, CHOICES };
static const char *const choice_names[CHOICES] = {
  "strex-to-another-address", "strexb-after-ldrex", "strexh-after-ldrex", "strexd-after-ldrex",
  "strex-after-exception-without-clear", "strex-after-own-store", "unaligned-strex-without-reservation-faults"
};

#define TRIES 1000u
#define ADD64 0x100000001ull
#define IDLE_TOKEN 100u

static u32 rounds;
static struct {
  u32 violations[RULES], successes[CHOICES];
  volatile u32 faults;
  volatile u32 expects_fault;
  u32 token, byte_token;
  u32 cells[64] ALIGNED(LINE);
} own[MAX_VCPUS] ALIGNED(LINE);
static struct {
  volatile u8 bytes[MAX_VCPUS] ALIGNED(LINE);
  volatile u16 halves[MAX_VCPUS] ALIGNED(LINE);
  volatile u64 sum ALIGNED(LINE);
  volatile u32 token ALIGNED(LINE);
  volatile u8 byte_token[4] ALIGNED(LINE);
} shared;

static u32 take_alignment_fault(u32 type, struct exception_frame *frame, u32 status, u32 address) {
  u32 id = current_vcpu();
  (void)address;
  if (type != EXCEPTION_DATA || !own[id].expects_fault || (status & 0x40f) != 1) return 0;
  own[id].faults++;
  frame->pc += 4; /* past the instruction */
  return 1;
}

/* LDREX, a call of a runtime's supervisor service, STREX. */
static u32 strex_after_service(volatile u32 *p, u32 number) {
  u32 failed, value;
  asm volatile(
      "mov r12, %3\n ldrex %1, [%2]\n svc #0\n strex %0, %1, [%2]"
      : "=&r"(failed), "=&r"(value)
      : "r"(p), "r"(number)
      : "r0", "r1", "r2", "r3", "r12", "lr", "memory", "cc");
  return failed;
}

#define EXCLUSIVE_PAIR(name, type, ldrex_name, strex_name) \
  static u32 name(volatile type *p, u32 amount) { \
    u32 value, failed, tries = 0; \
    do { \
      asm volatile(ldrex_name " %1, [%2]\n add %1, %1, %3\n " strex_name " %0, %1, [%2]" \
                   : "=&r"(failed), "=&r"(value) : "r"(p), "r"(amount) : "memory"); \
    } while (failed && ++tries); \
    return tries; \
  }
EXCLUSIVE_PAIR(add_byte, u8, "ldrexb", "strexb")
EXCLUSIVE_PAIR(add_half, u16, "ldrexh", "strexh")
EXCLUSIVE_PAIR(add_word, u32, "ldrex", "strex")

static void add_double(volatile u64 *p, u64 amount) {
  u64 value;
  u32 failed;
  do {
    asm volatile("ldrexd %Q1, %R1, [%2]\n adds %Q1, %Q1, %Q3\n adc %R1, %R1, %R3\n strexd %0, %Q1, %R1, [%2]"
                 : "=&r"(failed), "=&r"(value) : "r"(p), "r"(amount) : "memory", "cc");
  } while (failed);
}

/* SWP and SWPB by their encodings: assemblers warn that the architecture deprecates them. */
static u32 swap_word(volatile u32 *p, u32 value) {
  register u32 found asm("r0"), given asm("r1") = value;
  register volatile u32 *at asm("r2") = p;
  asm volatile(".inst 0xe1020091" : "=&r"(found) : "r"(given), "r"(at) : "memory"); /* swp r0, r1, [r2] */
  return found;
}
static u32 swap_byte(volatile u8 *p, u32 value) {
  register u32 found asm("r0"), given asm("r1") = value;
  register volatile u8 *at asm("r2") = p;
  asm volatile(".inst 0xe1420091" : "=&r"(found) : "r"(given), "r"(at) : "memory"); /* swpb r0, r1, [r2] */
  return found;
}

/* A refused store must leave memory alone. */
static void must_be_refused(u32 id, u32 rule, u32 failed, u32 wanted) {
  if (!failed || own[id].cells[0] != wanted) own[id].violations[rule]++;
}

static void refusals(u32 id) {
  volatile u32 *p = own[id].cells;
  u32 failed, value;
  *p = 5;
  asm volatile("ldrex %1, [%2]\n clrex\n strex %0, %3, [%2]"
               : "=&r"(failed), "=&r"(value) : "r"(p), "r"(6) : "memory");
  must_be_refused(id, AFTER_CLREX, failed, 5);
  asm volatile("strex %0, %2, [%1]" : "=&r"(failed) : "r"(p), "r"(6) : "memory");
  must_be_refused(id, AFTER_FAILED, failed, 5);
  asm volatile("clrex\n strex %0, %2, [%1]" : "=&r"(failed) : "r"(p), "r"(6) : "memory");
  must_be_refused(id, WITHOUT_LDREX, failed, 5);
  asm volatile("1: ldrex %1, [%2]\n strex %0, %3, [%2]\n cmp %0, #0\n bne 1b\n strex %0, %4, [%2]"
               : "=&r"(failed), "=&r"(value) : "r"(p), "r"(7), "r"(8) : "memory", "cc");
  must_be_refused(id, SECOND_STREX, failed, 7);
  must_be_refused(id, KERNEL_CLREX, strex_after_service(p, 1), 7);
  must_be_refused(id, KERNEL_DUMMY, strex_after_service(p, 2), 7);
  if (!strex_after_service(p, 3)) own[id].successes[AFTER_SERVICE]++;
}

static void pairs(u32 id) {
  u32 *cells = own[id].cells;
  cells[0] = 0x807f80ff;
  cells[1] = 0x01020304;
  if (add_byte((u8 *)cells, 1) > TRIES || cells[0] != 0x807f8000) own[id].violations[PAIR_BYTE]++;
  if (add_half((u16 *)cells + 1, 0x8000) > TRIES || cells[0] != 0x007f8000) own[id].violations[PAIR_HALF]++;
  if (add_word(cells, 0x80000000) > TRIES || cells[0] != 0x807f8000) own[id].violations[PAIR_WORD]++;
  add_double((u64 *)cells, 0x80000000);
  if (cells[0] != 0x007f8000 || cells[1] != 0x01020305) own[id].violations[PAIR_DOUBLE]++;
}

static void choices(u32 id) {
  volatile u32 *p = own[id].cells;
  u32 failed, value;
  p[0] = p[1] = p[32] = 3;
  asm volatile("ldrex %1, [%2]\n strex %0, %4, [%3]"
               : "=&r"(failed), "=&r"(value) : "r"(p), "r"(p + 32), "r"(9) : "memory");
  own[id].successes[ELSEWHERE] += !failed;
  if (p[0] != 3 || p[32] != (failed ? 3 : 9)) own[id].violations[OTHER_ADDRESS_CONSISTENT]++;
  asm volatile("clrex\n ldrex %1, [%2]\n strexb %0, %3, [%2]"
               : "=&r"(failed), "=&r"(value) : "r"(p), "r"(9) : "memory");
  own[id].successes[BYTE_AFTER_WORD] += !failed;
  asm volatile("clrex\n ldrex %1, [%2]\n strexh %0, %3, [%2]"
               : "=&r"(failed), "=&r"(value) : "r"(p), "r"(9) : "memory");
  own[id].successes[HALF_AFTER_WORD] += !failed;
  asm volatile("clrex\n ldrex %1, [%2]\n strexd %0, %Q3, %R3, [%2]"
               : "=&r"(failed), "=&r"(value) : "r"(p), "r"(0x900000009ull) : "memory");
  own[id].successes[DOUBLE_AFTER_WORD] += !failed;
  asm volatile("clrex\n ldrex %1, [%2]\n str %1, [%2]\n strex %0, %3, [%2]\n clrex"
               : "=&r"(failed), "=&r"(value) : "r"(p), "r"(9) : "memory");
  own[id].successes[OWN_STORE] += !failed;
}

#define MUST_FAULT(rule, code, offset) \
  do { \
    u32 before = own[id].faults; \
    asm volatile(code ::"r"((u8 *)own[id].cells + (offset)) : "r2", "r3", "r12", "memory"); \
    if (own[id].faults != before + 1) own[id].violations[rule]++; \
  } while (0)

static void faults(u32 id) {
  own[id].expects_fault = 1;
  MUST_FAULT(UNALIGNED_LDREX, "ldrex r2, [%0]", 2);
  MUST_FAULT(UNALIGNED_LDREXH, "ldrexh r2, [%0]", 1);
  MUST_FAULT(UNALIGNED_LDREXD, "ldrexd r2, r3, [%0]", 4);
  /* Whether the alignment or the missing reservation is noticed first is left open; nothing may be stored. */
  u32 before = own[id].faults, failed = 1, word = own[id].cells[0];
  asm volatile("strex %0, %2, [%1]" : "+&r"(failed) : "r"((u8 *)own[id].cells + 1), "r"(~word) : "memory");
  if (!failed || own[id].cells[0] != word) own[id].violations[UNALIGNED_STREX]++;
  own[id].successes[UNALIGNED_TAKEN] += own[id].faults - before;
  own[id].expects_fault = 0;
  clrex();
}

static void body(u32 id) {
  for (u32 i = 0; i < rounds; i++) {
    refusals(id);
    pairs(id);
    choices(id);
    faults(id);
    add_byte(&shared.bytes[id], 1);
    add_half(&shared.halves[id], 1);
    add_double(&shared.sum, ADD64);
    own[id].token = swap_word(&shared.token, own[id].token);
    own[id].byte_token = swap_byte(&shared.byte_token[1], own[id].byte_token);
  }
  reports[id].ops = rounds;
}

/* Every token must be held by exactly one vCPU or lie in memory. */
static u32 tokens_wrong(u32 bytes) {
  u32 seen = 0, wrong = 0;
  for (u32 id = 0; id <= vcpus; id++) {
    u32 token = id < vcpus ? (bytes ? own[id].byte_token : own[id].token)
                           : (bytes ? shared.byte_token[1] : shared.token);
    u32 bit = token == IDLE_TOKEN ? 31 : token;
    if (bit > 31 || (bit != 31 && bit >= vcpus) || (seen & 1u << bit)) wrong++;
    seen |= 1u << (bit & 31);
  }
  return wrong;
}

void workload_main(void) {
  rounds = param_number("rounds", 20000, 1, 100000000);
  for (u32 id = 0; id < vcpus; id++) own[id].token = own[id].byte_token = id;
  shared.token = IDLE_TOKEN;
  shared.byte_token[0] = shared.byte_token[2] = shared.byte_token[3] = 0xa5;
  shared.byte_token[1] = IDLE_TOKEN;
  exception_hook = take_alignment_fault;
  measure("monitor", (struct phases){.body = body});

  u32 violations[RULES] = {0}, successes[CHOICES] = {0}, total = 0;
  for (u32 id = 0; id < vcpus; id++) {
    for (u32 rule = 0; rule < RULES; rule++) violations[rule] += own[id].violations[rule];
    for (u32 choice = 0; choice < CHOICES; choice++) successes[choice] += own[id].successes[choice];
    violations[SHARED_BYTES] += shared.bytes[id] != (u8)rounds;
    violations[SHARED_HALVES] += shared.halves[id] != (u16)rounds;
  }
  violations[SHARED_DOUBLE] = shared.sum != ADD64 * rounds * vcpus;
  violations[SWAP_WORD] = tokens_wrong(0);
  violations[SWAP_BYTE] = tokens_wrong(1) + (shared.byte_token[0] != 0xa5 || shared.byte_token[2] != 0xa5 ||
                                             shared.byte_token[3] != 0xa5);
  for (u32 rule = 0; rule < RULES; rule++) total += violations[rule];
  report_end(total == 0, "violations=%u", total);
  report_vcpus(NULL, 0);
  for (u32 rule = 0; rule < RULES; rule++)
    print("@mttcg outcome name=%s kind=rule count=%u\n", rule_names[rule], violations[rule]);
  for (u32 choice = 0; choice < CHOICES; choice++)
    print("@mttcg outcome name=%s kind=report count=%u\n", choice_names[choice], successes[choice]);
}
