/* Floating-point arithmetic in registers: the logistic map, running means and a quotient, in double or single precision
   or on four single-precision lanes at once. */
#include "../runtime/vfp.h"

enum { DOUBLE, SINGLE, NEON };

static u32 kind, iterations, warm_up_count;

/* d0 x, d1 running mean of x, d2 sum, d8 1, d9 3.9, d10 0.5, d11 0.875; eight operations a round. */
static u64 run_double(u32 start, u32 count) {
  u64 result;
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vmov s0, %2\n"
      "vcvt.f64.u32 d0, s0\n"
      "vmov.f64 d8, #31.0\n"
      "vdiv.f64 d0, d0, d8\n"
      "vmov.f64 d8, #1.0\n"
      "vmov.f64 d9, #4.0\n"
      "vmov.f64 d10, #0.125\n"
      "vsub.f64 d9, d9, d10\n"
      "vmov.f64 d11, #0.875\n"
      "vmov.f64 d10, #0.5\n"
      "vmov.f64 d1, #0.5\n"
      "vmov.f64 d2, #1.0\n"
      "1: vsub.f64 d3, d8, d0\n"
      "vmul.f64 d3, d3, d0\n"
      "vmul.f64 d0, d3, d9\n"
      "vmul.f64 d1, d1, d10\n"
      "vadd.f64 d1, d1, d0\n"
      "vdiv.f64 d4, d0, d1\n"
      "vmul.f64 d2, d2, d11\n"
      "vadd.f64 d2, d2, d4\n"
      "subs %1, %1, #1\n"
      "bne 1b\n"
      "vmov %Q0, %R0, d2"
      : "=&r"(result), "+r"(count)
      : "r"(start)
      : "cc");
  return result;
}

static u64 run_single(u32 start, u32 count) {
  u32 result;
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vmov s0, %2\n"
      "vcvt.f32.u32 s0, s0\n"
      "vmov.f32 s8, #31.0\n"
      "vdiv.f32 s0, s0, s8\n"
      "vmov.f32 s8, #1.0\n"
      "vmov.f32 s9, #4.0\n"
      "vmov.f32 s10, #0.125\n"
      "vsub.f32 s9, s9, s10\n"
      "vmov.f32 s11, #0.875\n"
      "vmov.f32 s10, #0.5\n"
      "vmov.f32 s1, #0.5\n"
      "vmov.f32 s2, #1.0\n"
      "1: vsub.f32 s3, s8, s0\n"
      "vmul.f32 s3, s3, s0\n"
      "vmul.f32 s0, s3, s9\n"
      "vmul.f32 s1, s1, s10\n"
      "vadd.f32 s1, s1, s0\n"
      "vdiv.f32 s4, s0, s1\n"
      "vmul.f32 s2, s2, s11\n"
      "vadd.f32 s2, s2, s4\n"
      "subs %1, %1, #1\n"
      "bne 1b\n"
      "vmov %0, s2"
      : "=&r"(result), "+r"(count)
      : "r"(start)
      : "cc");
  return result;
}

/* The same on q registers, without the division (Advanced SIMD has none). */
static u64 run_neon(u32 start, u32 count) {
  u64 result;
  asm volatile(
      ".fpu neon-vfpv4\n"
      "vmov s0, %2\n"
      "vcvt.f32.u32 s0, s0\n"
      "vmov.f32 s4, #31.0\n"
      "vdiv.f32 s0, s0, s4\n"
      "vmov.f32 s1, #0.25\n"
      "vmov.f32 s2, #0.75\n"
      "vmul.f32 s3, s0, s0\n"
      "vmov.f32 q8, #1.0\n"
      "vmov.f32 q9, #3.875\n"
      "vmov.f32 q10, #0.5\n"
      "vmov.f32 q11, #0.875\n"
      "vmov.f32 q1, #0.5\n"
      "vmov.f32 q2, #1.0\n"
      "1: vsub.f32 q3, q8, q0\n"
      "vmul.f32 q3, q3, q0\n"
      "vmul.f32 q0, q3, q9\n"
      "vmul.f32 q1, q1, q10\n"
      "vadd.f32 q1, q1, q0\n"
      "vmul.f32 q2, q2, q11\n"
      "vmla.f32 q2, q1, q0\n"
      "subs %1, %1, #1\n"
      "bne 1b\n"
      "veor d4, d4, d5\n"
      "vmov %Q0, %R0, d4"
      : "=&r"(result), "+r"(count)
      : "r"(start)
      : "cc");
  return result;
}

static void work(u32 id, u32 count) {
  u64 bits;
  enable_vfp();
  switch (kind) {
    case DOUBLE: bits = run_double(id + 3, count); break;
    case SINGLE: bits = run_single(id + 3, count); break;
    default: bits = run_neon(id + 3, count);
  }
  reports[id].ops = (kind == NEON ? 32ull : 8ull) * count;
  reports[id].field[0] = mix(mix(2166136261u, (u32)bits), (u32)(bits >> 32));
  /* A sum is positive and below 16. */
  u32 high = (u32)(bits >> 32);
  reports[id].field[1] = kind == DOUBLE ? high > 0x3e000000 && high < 0x40300000
      : kind == SINGLE                  ? (u32)bits > 0x30000000 && (u32)bits < 0x41800000
                                        : 1;
}

static void warm_up(u32 id) {
  work(id, warm_up_count);
}

static void body(u32 id) {
  work(id, iterations);
}

void workload_main(void) {
  kind = param_choice("kind", "double|single|neon", DOUBLE);
  iterations = param_number("iterations", 10000000, 1, 400000000);
  warm_up_count = param_number("warmup", 20000, 1, 100000000);
  measure("vfp", (struct phases){.warm_up = warm_up, .body = body});
  u32 pass = 1;
  for (u32 id = 0; id < vcpus; id++) pass &= (u32)reports[id].field[1];
  report_end(pass, "");
  static const char *const names[] = {"checksum"};
  report_vcpus(names, 1);
}
