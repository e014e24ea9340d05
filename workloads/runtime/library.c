/* What the compiler expects to find: block copies and 32-bit division in ARM code (libgcc's is Thumb-2). */
#include "runtime.h"

u64 __aeabi_uidivmod(u32 n, u32 d);
u32 __aeabi_uidiv(u32 n, u32 d);
u64 __aeabi_idivmod(int n, int d);
int __aeabi_idiv(int n, int d);

void *memcpy(void *to, const void *from, __SIZE_TYPE__ bytes) {
  u8 *d = to;
  const u8 *s = from;
  if ((((u32)d | (u32)s) & 3) == 0) {
    for (; bytes >= 4; bytes -= 4, d += 4, s += 4) *(u32 *)d = *(const u32 *)s;
  }
  while (bytes--) *d++ = *s++;
  return to;
}

void *memset(void *to, int value, __SIZE_TYPE__ bytes) {
  u8 *d = to;
  u32 word = (u8)value * 0x01010101u;
  if (((u32)d & 3) == 0) {
    for (; bytes >= 4; bytes -= 4, d += 4) *(u32 *)d = word;
  }
  while (bytes--) *d++ = (u8)value;
  return to;
}

u32 text_equal(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

/* Quotient in the low word (r0), remainder in the high one (r1), as the run-time ABI wants them. */
u64 __aeabi_uidivmod(u32 n, u32 d) {
  u32 quotient = 0;
  if (d != 0 && n >= d) {
    for (int shift = __builtin_clz(d) - __builtin_clz(n); shift >= 0; shift--) {
      if ((n >> shift) >= d) {
        n -= d << shift;
        quotient |= 1u << shift;
      }
    }
  }
  return (u64)n << 32 | quotient;
}

u32 __aeabi_uidiv(u32 n, u32 d) {
  return (u32)__aeabi_uidivmod(n, d);
}

u64 __aeabi_idivmod(int n, int d) {
  u64 both = __aeabi_uidivmod(n < 0 ? -(u32)n : (u32)n, d < 0 ? -(u32)d : (u32)d);
  u32 quotient = (u32)both, remainder = (u32)(both >> 32);
  if ((n < 0) != (d < 0)) quotient = -quotient;
  if (n < 0) remainder = -remainder;
  return (u64)remainder << 32 | quotient;
}

int __aeabi_idiv(int n, int d) {
  return (int)__aeabi_idivmod(n, d);
}
