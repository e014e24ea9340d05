/* PL011 output and the small formatter. */
#include "internal.h"

#define UART_DATA 0x00
#define UART_FLAGS 0x18
#define UART_LINE_CONTROL 0x2c
#define UART_CONTROL 0x30
#define FLAG_TRANSMIT_FULL (1u << 5)

void console_start(void) {
  *device(UART_BASE + UART_LINE_CONTROL) = 0x70; /* 8 bits, FIFOs */
  *device(UART_BASE + UART_CONTROL) = 0x301;     /* on, transmit, receive */
}

static void put(char c) {
  while (*device(UART_BASE + UART_FLAGS) & FLAG_TRANSMIT_FULL) {
  }
  *device(UART_BASE + UART_DATA) = (u8)c;
}

static void put_text(const char *text) {
  while (*text) put(*text++);
}

static void put_decimal(u64 value) {
  static const u64 powers[] = {
      10000000000000000000ull, 1000000000000000000ull, 100000000000000000ull, 10000000000000000ull,
      1000000000000000ull,     100000000000000ull,     10000000000000ull,     1000000000000ull,
      100000000000ull,         10000000000ull,         1000000000ull,         100000000ull,
      10000000ull,             1000000ull,             100000ull,             10000ull,
      1000ull,                 100ull,                 10ull,                 1ull};
  u32 started = 0;
  for (u32 i = 0; i < COUNT_OF(powers); i++) {
    u32 digit = 0;
    while (value >= powers[i]) {
      value -= powers[i];
      digit++;
    }
    started |= digit;
    if (started || i == COUNT_OF(powers) - 1) put((char)('0' + digit));
  }
}

static void put_hexadecimal(u64 value, u32 digits) {
  put_text("0x");
  while (digits--) put("0123456789abcdef"[(value >> (digits * 4)) & 15]);
}

void print_list(const char *format, __builtin_va_list list) {
  for (; *format; format++) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    switch (*++format) {
      case 's': put_text(__builtin_va_arg(list, const char *)); break;
      case 'c': put((char)__builtin_va_arg(list, int)); break;
      case 'u': put_decimal(__builtin_va_arg(list, u32)); break;
      case 'U': put_decimal(__builtin_va_arg(list, u64)); break;
      case 'x': put_hexadecimal(__builtin_va_arg(list, u32), 8); break;
      case 'X': put_hexadecimal(__builtin_va_arg(list, u64), 16); break;
      default: put('%'); put(*format); break;
    }
  }
}

void print(const char *format, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, format);
  print_list(format, list);
  __builtin_va_end(list);
}
