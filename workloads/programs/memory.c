/* Block copies by LDM/STM or NEON, fills by STM, byte copies, and a chain of dependent loads over many pages. */
#include "../runtime/atomic.h"
#include "../runtime/vfp.h"

enum { MEMCPY, MEMSET, BYTES, CHASE, NEON };

static u32 kind, size;
static u32 fills[MAX_VCPUS]; /* so far, each with a value of its own */
static u8 *source[MAX_VCPUS], *target[MAX_VCPUS];

/* Both aligned to 32 bytes and `bytes` a multiple of 32. */
static void copy_blocks(void *to, const void *from, u32 bytes) {
  asm volatile(
      "1: ldmia %1!, {r3-r6, r8-r10, r12}\n"
      "stmia %0!, {r3-r6, r8-r10, r12}\n"
      "subs %2, %2, #32\n"
      "bne 1b"
      : "+r"(to), "+r"(from), "+r"(bytes)::"r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "memory", "cc");
}

static void copy_vectors(void *to, const void *from, u32 bytes) {
  asm volatile(
      ".fpu neon-vfpv4\n"
      "1: vld1.8 {d0-d3}, [%1]!\n"
      "vst1.8 {d0-d3}, [%0]!\n"
      "subs %2, %2, #32\n"
      "bne 1b"
      : "+r"(to), "+r"(from), "+r"(bytes)::"memory", "cc");
}

static void fill_blocks(void *to, u32 value, u32 bytes) {
  asm volatile(
      "mov r3, %2\n mov r4, %2\n mov r5, %2\n mov r6, %2\n"
      "1: stmia %0!, {r3-r6}\n"
      "stmia %0!, {r3-r6}\n"
      "subs %1, %1, #32\n"
      "bne 1b"
      : "+r"(to), "+r"(bytes)
      : "r"(value)
      : "r3", "r4", "r5", "r6", "memory", "cc");
}

static void copy_bytes(void *to, const void *from, u32 bytes) {
  u32 value;
  asm volatile(
      "1: ldrb %3, [%1], #1\n"
      "strb %3, [%0], #1\n"
      "subs %2, %2, #1\n"
      "bne 1b"
      : "+r"(to), "+r"(from), "+r"(bytes), "=&r"(value)::"memory", "cc");
}

static u32 *chase(u32 *at, u32 loads) {
  asm volatile(
      "1: ldr %0, [%0]\n"
      "subs %1, %1, #1\n"
      "bne 1b"
      : "+r"(at), "+r"(loads)::"memory", "cc");
  return at;
}

/* One word in each page points to another page's: a single cycle through all, in a seeded random order. */
static void link_pages(u8 *area, u32 pages, u32 id) {
  u32 state = lcg_seed(id);
  u32 *order = allocate(pages * 4, 4);
  for (u32 i = 0; i < pages; i++) order[i] = i;
  for (u32 i = pages - 1; i > 0; i--) {
    u32 k = (u32)(((u64)lcg(&state) * i) >> 32), swapped = order[i];
    order[i] = order[k];
    order[k] = swapped;
  }
  for (u32 i = 0; i < pages; i++) {
    u32 page = order[i], next = order[i + 1 < pages ? i + 1 : 0];
    /* A different line in each page, so that the cache's sets are used evenly. */
    *(u32 *)(area + page * PAGE + (page & 63) * LINE) = (u32)(area + next * PAGE + (next & 63) * LINE);
  }
}

static void prepare(void) {
  for (u32 id = 0; id < vcpus; id++) {
    source[id] = allocate(size, PAGE);
    if (kind == CHASE) {
      link_pages(source[id], size / PAGE, id);
      continue;
    }
    target[id] = allocate(size, PAGE);
    u32 state = lcg_seed(id);
    for (u32 i = 0; i < size / 4; i++) ((u32 *)source[id])[i] = lcg(&state);
    memset(target[id], 0, size);
  }
}

static void work(u32 id, u32 count) {
  reports[id].ops += (u64)count * (kind == CHASE ? size / PAGE : size);
  switch (kind) {
    case MEMCPY:
      for (u32 i = 0; i < count; i++) copy_blocks(target[id], source[id], size);
      break;
    case MEMSET:
      for (u32 i = 0; i < count; i++) fill_blocks(target[id], (fills[id]++ << 8) ^ id, size);
      break;
    case NEON:
      enable_vfp();
      for (u32 i = 0; i < count; i++) copy_vectors(target[id], source[id], size);
      break;
    case BYTES:
      for (u32 i = 0; i < count; i++) copy_bytes(target[id], source[id], size);
      break;
    default: {
      u32 *at = (u32 *)source[id];
      for (u32 i = 0; i < count; i++) at = chase(at, size / PAGE);
      reports[id].field[1] = (u32)at == (u32)source[id]; /* whole cycles end where they began */
    }
  }
}

static u32 check(u32 id, u32 iterations, u32 *checksum) {
  const u32 *found = (const u32 *)(kind == CHASE ? source[id] : target[id]);
  u32 state = lcg_seed(id), good = 1, sum = 2166136261u;
  if (kind == CHASE) {
    const u32 *at = found;
    for (u32 i = 0; i < size / PAGE; i++, at = (const u32 *)*at) sum = mix(sum, (u32)at - (u32)found);
    *checksum = sum;
    return (u32)reports[id].field[1];
  }
  for (u32 i = 0; i < size / 4; i++) {
    u32 wanted = kind == MEMSET ? ((iterations - 1) << 8) ^ id : lcg(&state);
    good &= found[i] == wanted;
    sum = mix(sum, found[i]);
  }
  *checksum = sum;
  return good;
}

static void reset(void) {
  for (u32 id = 0; id < vcpus; id++) fills[id] = 0;
}

void workload_main(void) {
  static const u32 usual_count[] = {4000, 30000, 200, 500, 4000};
  static const u32 usual_size[] = {65536, 65536, 65536, 4096 * 1024, 65536};
  kind = param_choice("kind", "memcpy|memset|bytes|chase|neon", MEMCPY);
  size = param_number("size", usual_size[kind], 64, 0x10000000);
  if (size % (kind == CHASE ? PAGE : 32)) fail("parameter size=%u is not a multiple of %u", size, kind == CHASE ? PAGE : 32);
  prepare();
  u32 iterations = measure_timed("memory", (struct timed){.unit = "iterations", .standard = usual_count[kind],
                                                          .most = 100000000, .reset = reset, .work = work});
  u32 wrong = 0;
  for (u32 id = 0; id < vcpus; id++) {
    u32 sum;
    if (!check(id, iterations, &sum)) wrong++;
    reports[id].field[0] = sum;
  }
  report_end(wrong == 0, "wrong_buffers=%u", wrong);
  static const char *const names[] = {"checksum"};
  report_vcpus(names, 1);
}
