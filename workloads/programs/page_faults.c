/*
 * Who may access what: every kind of translation table entry under every access permission, execute-never bit, domain
 * and control bit, tried by privileged and user loads, stores and fetches. The fault status and address of each try go
 * into a checksum, which must be that of every other machine; `list=1` prints them, to see where two machines part.
 */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"
#include "../runtime/internal.h"

#define WINDOW 0x80000000u /* 16 MiB */
#define WINDOW_SECTION (WINDOW >> 20)
#define DATA_OFFSET 64u
#define BX_LR 0xe12fff1eu
#define MODE_MASK 0x1fu
#define MODE_SVC 0x13u
#define NORMAL_SECTION (1u << 12 | 1u << 3 | 1u << 2)
#define DOMAIN 5u
#define SCTLR_A (1u << 1)
#define SCTLR_AFE (1u << 29)
#define EAE 0x80000000u

enum { SHORT, LONG, ALIGNMENT };
enum { SECTION, SUPERSECTION, LARGE, SMALL, NO_SECTION, NO_PAGE, FORMS };
enum { BLOCK, PAGES, NO_LEVEL_1, NO_LEVEL_2, NO_LEVEL_3, LONG_FORMS };
enum { READ, WRITE, USER_READ, USER_WRITE, FETCH, USER_FETCH, ACCESSES };

static u32 kind, list, checksum, tries;
static u32 *page, *second_level, resume, base;
static u64 *long_first, *long_second, *long_third;
/* What the latest try came to: 0, or the exception's type, status and address. */
static volatile u32 taken, taken_status, taken_address;

static u32 sctlr(void) {
  u32 value;
  asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(value));
  return value;
}
static void set_sctlr(u32 value) {
  asm volatile("mcr p15, 0, %0, c1, c0, 0\n isb" ::"r"(value) : "memory");
}
static void set_dacr(u32 value) {
  asm volatile("mcr p15, 0, %0, c3, c0, 0\n isb" ::"r"(value) : "memory");
}
static void tables_changed(void) {
  dsb();
  tlb_flush_all();
  dsb();
  isb();
}

/* A user that comes back does so by UDF; a fetch that failed goes on at `resume`, any other instruction is left out. */
static u32 take(u32 type, struct exception_frame *frame, u32 status, u32 address) {
  if (type == EXCEPTION_UNDEFINED) {
    frame->spsr = (frame->spsr & ~MODE_MASK) | MODE_SVC;
    frame->pc += 4;
    return 1;
  }
  if (type != EXCEPTION_DATA && type != EXCEPTION_PREFETCH) return 0;
  taken = type;
  /* IFSR has no domain field and no WnR; some machines put the domain there. */
  taken_status = type == EXCEPTION_PREFETCH && kind != LONG ? status & 0x140f : status;
  taken_address = address;
  frame->pc = type == EXCEPTION_PREFETCH ? resume : frame->pc + 4;
  return 1;
}

static void access(u32 what, u32 address) {
  u32 data = address + DATA_OFFSET, value = 0;
  switch (what) {
    case READ: asm volatile("ldr %0, [%1]" : "+r"(value) : "r"(data) : "memory"); break;
    case WRITE: asm volatile("str %0, [%1]" : "+r"(value) : "r"(data) : "memory"); break;
    case USER_READ: asm volatile("ldrt %0, [%1]" : "+r"(value) : "r"(data) : "memory"); break;
    case USER_WRITE: asm volatile("strt %0, [%1]" : "+r"(value) : "r"(data) : "memory"); break;
    case FETCH:
      asm volatile("adr r0, 1f\n str r0, [%0]\n blx %1\n 1:" ::"r"(&resume), "r"(address) : "r0", "lr", "memory");
      break;
    default:
      asm volatile("adr r0, 1f\n str r0, [%0]\n cps #0x10\n blx %1\n 1: udf #0"
                   ::"r"(&resume), "r"(address) : "r0", "memory");
  }
}

static void note(void) {
  checksum = mix(checksum, taken);
  tries++;
  if (taken == 0) return;
  checksum = mix(checksum, taken_status);
  checksum = mix(checksum, taken_address - base);
}

static void try_all(const char *format, u32 form, u32 bits, u32 address) {
  base = address;
  for (u32 what = 0; what < ACCESSES; what++) {
    taken = 0;
    access(what, address);
    note();
    if (list && taken)
      print("%s form=%u bits=%x access=%u type=%u status=%x address=%x\n", format, form, bits, what, taken,
            taken_status, taken_address);
  }
}

/* ---- short descriptors; `bits`: AP[2:0], XN, PXN ---- */

static u32 short_entry(u32 form, u32 bits) {
  u32 ap = bits & 7, xn = bits >> 3 & 1, pxn = bits >> 4 & 1, physical = (u32)page;
  u32 section = 2 | pxn | xn << 4 | (ap & 3) << 10 | (ap >> 2) << 15 | NORMAL_SECTION;
  u32 rights = (ap & 3) << 4 | (ap >> 2) << 9 | 3u << 2;
  u32 table = (u32)second_level | 1 | pxn << 2 | DOMAIN << 5;
  switch (form) {
    case SECTION: return (physical & 0xfff00000u) | section | DOMAIN << 5;
    case SUPERSECTION: return (physical & 0xff000000u) | section | 1u << 18;
    case NO_SECTION: return 0;
    case LARGE:
      for (u32 i = 0; i < 256; i++)
        second_level[i] = (physical & 0xffff0000u) | rights | 1u << 12 | xn << 15 | 1;
      return table;
    default:
      for (u32 i = 0; i < 256; i++)
        second_level[i] = form == SMALL ? physical | rights | 1u << 6 | 2 | xn : 0;
      return table;
  }
}

static void short_case(u32 form, u32 bits) {
  static const u32 within[FORMS] = {0xfffff, 0xffffff, 0xffff, 0xfff, 0xfff, 0xfff};
  u32 entry = short_entry(form, bits), address = WINDOW | ((u32)page & within[form]);
  for (u32 i = 0; i < 16; i++) translation_table[WINDOW_SECTION + i] = entry;
  tables_changed();
  try_all("short", form, bits, address);
}

static void short_formats(void) {
  static const u32 controls[] = {0, SCTLR_AFE};
  u32 usual = sctlr();
  for (u32 domain = 0; domain < 4; domain++) {
    if (domain == 2) continue; /* reserved */
    for (u32 c = 0; c < COUNT_OF(controls); c++) {
      /* QEMU looks at the domain before it looks at the second level and the access flag, the architecture after. */
      if (domain != 1 && controls[c] != 0) continue;
      /* The program itself lives in domain 0, whose manager it becomes: its pages are writable. */
      set_dacr(3 | domain << (2 * DOMAIN));
      set_sctlr(usual | controls[c]);
      if (list) print("domain=%u control=%x\n", domain, controls[c]);
      for (u32 form = 0; form < FORMS; form++)
        for (u32 bits = 0; bits < 32; bits++) {
          /* A supersection is in domain 0; AP = 100 is reserved. */
          if ((form == SUPERSECTION && domain != 1) || (bits & 7) == 4) continue;
          if (form == NO_PAGE && domain == 0) continue;
          /* Likewise XN and the access flag. */
          if (controls[c] != 0 && (bits & 1) == 0 && (bits & 0x18) != 0) continue;
          if (form == SUPERSECTION) set_dacr(1);
          short_case(form, bits);
          if (form == SUPERSECTION) set_dacr(3 | domain << (2 * DOMAIN));
        }
      set_sctlr(usual);
    }
  }
  set_dacr(1);
}

/* ---- long descriptors; `bits`: AP[2:1], AF, XN, PXN, then APTable, XNTable, PXNTable ---- */

#define LONG_BLOCK 1ull
#define LONG_TABLE 3ull
#define INNER_SHAREABLE (3ull << 8)
#define ACCESS_FLAG (1ull << 10)

static void long_start(void) {
  long_first[0] = LONG_BLOCK | 1ull << 2 | ACCESS_FLAG | 1ull << 54; /* devices */
  long_first[1] = 0x40000000u | LONG_BLOCK | INNER_SHAREABLE | ACCESS_FLAG | 1ull << 6;
  long_first[3] = 0;
  u32 usual = sctlr();
  dsb();
  set_sctlr(usual & ~1u);
  asm volatile("mcr p15, 0, %0, c2, c0, 2" ::"r"(EAE));
  asm volatile("mcr p15, 0, %0, c10, c2, 0" ::"r"(0x04ff)); /* MAIR0: normal memory, device */
  asm volatile("mcrr p15, 0, %0, %1, c2" ::"r"(long_first), "r"(0));
  tables_changed();
  set_sctlr(usual);
}

static void long_case(u32 form, u32 bits) {
  u64 ap = bits & 3, flag = bits >> 2 & 1, xn = bits >> 3 & 1, pxn = bits >> 4 & 1;
  u64 rights = ap << 6 | flag << 10 | xn << 54 | pxn << 53 | INNER_SHAREABLE;
  u64 tables = (u64)(bits >> 5 & 3) << 61 | (u64)(bits >> 7 & 1) << 60 | (u64)(bits >> 8 & 1) << 59;
  u32 physical = (u32)page, index = physical >> 12 & 511;
  long_third[index] = form == NO_LEVEL_3 ? 0 : physical | rights | 3;
  long_second[0] = form == BLOCK ? (physical & 0xffe00000u) | rights | LONG_BLOCK
                   : form == NO_LEVEL_2 ? 0 : (u32)long_third | LONG_TABLE;
  long_first[2] = form == NO_LEVEL_1 ? 0 : (u32)long_second | tables | LONG_TABLE;
  tables_changed();
  try_all("long", form, bits, WINDOW | (physical & 0x1fffff));
}

static void long_formats(void) {
  long_start();
  for (u32 form = 0; form < LONG_FORMS; form++)
    for (u32 bits = 0; bits < 512; bits++) long_case(form, bits);
}

/* ---- alignment ---- */

#define TRY(name, instruction)                                                                          \
  do {                                                                                                  \
    taken = 0;                                                                                          \
    asm volatile(instruction ::"r"(at), "r"(value) : "r2", "r3", "memory");                             \
    note();                                                                                             \
    if (list && taken) print("%s at=%x status=%x address=%x\n", name, at, taken_status, taken_address); \
  } while (0)

static void alignment(void) {
  u32 usual = sctlr(), value = 0;
  base = (u32)page;
  for (u32 strict = 0; strict < 2; strict++) {
    set_sctlr(strict ? usual | SCTLR_A : usual);
    for (u32 offset = 0; offset < 8; offset++) {
      u32 at = (u32)page + DATA_OFFSET + offset;
      TRY("ldr", "ldr r2, [%0]");
      TRY("str", "str %1, [%0]");
      TRY("ldrh", "ldrh r2, [%0]");
      TRY("strh", "strh %1, [%0]");
      TRY("ldrt", "ldrt r2, [%0]");
      TRY("ldrd", "ldrd r2, r3, [%0]");
      TRY("strd", "strd r2, r3, [%0]");
      TRY("ldm", "ldm %0, {r2, r3}");
      TRY("stm", "stm %0, {r2, r3}");
      TRY("ldrex", "ldrex r2, [%0]");
      TRY("ldrexh", "ldrexh r2, [%0]");
      TRY("ldrexd", "ldrexd r2, r3, [%0]");
      TRY("swp", "swp r2, %1, [%0]");
    }
  }
  set_sctlr(usual);
}

static void body(u32 id) {
  if (id != 0) return;
  switch (kind) {
    case SHORT: short_formats(); break;
    case LONG: long_formats(); break;
    default: alignment();
  }
  reports[0].ops = tries;
  reports[0].field[0] = checksum;
}

void workload_main(void) {
  kind = param_choice("kind", "short|long|alignment", SHORT);
  list = param_number("list", 0, 0, 1);
  page = allocate(PAGE, PAGE);
  second_level = allocate(1024, 1024);
  long_first = allocate(32, 32);
  long_second = allocate(PAGE, PAGE);
  long_third = allocate(PAGE, PAGE);
  page[0] = BX_LR;
  publish_code((u32)page, 4);
  exception_hook = take;
  measure("page-faults", (struct phases){.body = body});
  report_end(1, "tries=%u checksum=%x", tries, checksum);
  static const char *const names[] = {"checksum"};
  report_vcpus(names, COUNT_OF(names));
}
