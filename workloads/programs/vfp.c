/* Floating-point arithmetic in registers: the logistic map, running means and a quotient, in double or single precision
   or on four single-precision lanes at once. */
#include "../runtime/vfp.h"

enum { DOUBLE, SINGLE, NEON };

static u32 kind;
/* Registers q0 to q2 of each vCPU between its calls of work(). */
static struct {
  u32 words[12] ALIGNED(LINE);
} state[MAX_VCPUS];

/* d0 x, d1 running mean of x, d2 sum, d8 1, d9 3.9, d10 0.5, d11 0.875; eight operations a round. */
static void start_double(u32 *at, u32 start) {
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vmov s0, %1\n"
      "vcvt.f64.u32 d0, s0\n"
      "vmov.f64 d8, #31.0\n"
      "vdiv.f64 d0, d0, d8\n"
      "vmov.f64 d1, #0.5\n"
      "vmov.f64 d2, #1.0\n"
      "vstm %0, {d0-d2}" ::"r"(at), "r"(start)
      : "memory");
}

static void run_double(u32 *at, u32 count) {
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vldm %1, {d0-d2}\n"
      "vmov.f64 d8, #1.0\n"
      "vmov.f64 d9, #4.0\n"
      "vmov.f64 d10, #0.125\n"
      "vsub.f64 d9, d9, d10\n"
      "vmov.f64 d11, #0.875\n"
      "vmov.f64 d10, #0.5\n"
      "1: vsub.f64 d3, d8, d0\n"
      "vmul.f64 d3, d3, d0\n"
      "vmul.f64 d0, d3, d9\n"
      "vmul.f64 d1, d1, d10\n"
      "vadd.f64 d1, d1, d0\n"
      "vdiv.f64 d4, d0, d1\n"
      "vmul.f64 d2, d2, d11\n"
      "vadd.f64 d2, d2, d4\n"
      "subs %0, %0, #1\n"
      "bne 1b\n"
      "vstm %1, {d0-d2}"
      : "+r"(count)
      : "r"(at)
      : "memory", "cc");
}

/* The same in s0, s1, s2 and on. */
static void start_single(u32 *at, u32 start) {
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vmov s0, %1\n"
      "vcvt.f32.u32 s0, s0\n"
      "vmov.f32 s8, #31.0\n"
      "vdiv.f32 s0, s0, s8\n"
      "vmov.f32 s1, #0.5\n"
      "vmov.f32 s2, #1.0\n"
      "vstm %0, {s0-s2}" ::"r"(at), "r"(start)
      : "memory");
}

static void run_single(u32 *at, u32 count) {
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vldm %1, {s0-s2}\n"
      "vmov.f32 s8, #1.0\n"
      "vmov.f32 s9, #4.0\n"
      "vmov.f32 s10, #0.125\n"
      "vsub.f32 s9, s9, s10\n"
      "vmov.f32 s11, #0.875\n"
      "vmov.f32 s10, #0.5\n"
      "1: vsub.f32 s3, s8, s0\n"
      "vmul.f32 s3, s3, s0\n"
      "vmul.f32 s0, s3, s9\n"
      "vmul.f32 s1, s1, s10\n"
      "vadd.f32 s1, s1, s0\n"
      "vdiv.f32 s4, s0, s1\n"
      "vmul.f32 s2, s2, s11\n"
      "vadd.f32 s2, s2, s4\n"
      "subs %0, %0, #1\n"
      "bne 1b\n"
      "vstm %1, {s0-s2}"
      : "+r"(count)
      : "r"(at)
      : "memory", "cc");
}

/* The same in q0, q1, q2 and on, without the division (Advanced SIMD has none). */
static void start_neon(u32 *at, u32 start) {
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vmov s0, %1\n"
      "vcvt.f32.u32 s0, s0\n"
      "vmov.f32 s4, #31.0\n"
      "vdiv.f32 s0, s0, s4\n"
      "vmov.f32 s1, #0.25\n"
      "vmov.f32 s2, #0.75\n"
      "vmul.f32 s3, s0, s0\n"
      "vmov.f32 q1, #0.5\n"
      "vmov.f32 q2, #1.0\n"
      "vstm %0, {d0-d5}" ::"r"(at), "r"(start)
      : "memory");
}

static void run_neon(u32 *at, u32 count) {
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vldm %1, {d0-d5}\n"
      "vmov.f32 q8, #1.0\n"
      "vmov.f32 q9, #3.875\n"
      "vmov.f32 q10, #0.5\n"
      "vmov.f32 q11, #0.875\n"
      "1: vsub.f32 q3, q8, q0\n"
      "vmul.f32 q3, q3, q0\n"
      "vmul.f32 q0, q3, q9\n"
      "vmul.f32 q1, q1, q10\n"
      "vadd.f32 q1, q1, q0\n"
      "vmul.f32 q2, q2, q11\n"
      "vmla.f32 q2, q1, q0\n"
      "subs %0, %0, #1\n"
      "bne 1b\n"
      "vstm %1, {d0-d5}"
      : "+r"(count)
      : "r"(at)
      : "memory", "cc");
}

static void prepare(u32 id) {
  (void)id;
  enable_vfp();
}

static void reset(void) {
  enable_vfp();
  for (u32 id = 0; id < vcpus; id++) {
    u32 *at = state[id].words;
    switch (kind) {
      case DOUBLE: start_double(at, id + 3); break;
      case SINGLE: start_single(at, id + 3); break;
      default: start_neon(at, id + 3);
    }
  }
}

static void work(u32 id, u32 count) {
  u32 *at = state[id].words;
  switch (kind) {
    case DOUBLE: run_double(at, count); break;
    case SINGLE: run_single(at, count); break;
    default: run_neon(at, count);
  }
  reports[id].ops += (kind == NEON ? 32ull : 8ull) * count;
}

/* The two words of a vCPU's sum that its checksum is made of; a sum is positive and below 16. */
static u32 check(u32 id, u32 *checksum) {
  const u32 *words = state[id].words;
  u32 low, high, good = 1;
  switch (kind) {
    case DOUBLE:
      low = words[4], high = words[5];
      good = high > 0x3e000000 && high < 0x40300000;
      break;
    case SINGLE:
      low = words[2], high = 0;
      good = low > 0x30000000 && low < 0x41800000;
      break;
    default: low = words[8] ^ words[10], high = words[9] ^ words[11];
  }
  *checksum = mix(mix(2166136261u, low), high);
  return good;
}

void workload_main(void) {
  kind = param_choice("kind", "double|single|neon", DOUBLE);
  measure_timed("vfp", (struct timed){.unit = "iterations", .standard = 10000000, .most = 400000000,
                                      .prepare = prepare, .reset = reset, .work = work});
  u32 pass = 1;
  for (u32 id = 0; id < vcpus; id++) {
    u32 sum;
    pass &= check(id, &sum);
    reports[id].field[0] = sum;
  }
  report_end(pass, "");
  static const char *const names[] = {"checksum"};
  report_vcpus(names, 1);
}
