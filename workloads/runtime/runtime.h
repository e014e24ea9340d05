/* The workloads' small bare-metal runtime: what a program may call. See ../README.md for the order of calls. */
#ifndef RUNTIME_H
#define RUNTIME_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define MAX_VCPUS 8u
#define PAGE 4096u
#define LINE 64u
#define NULL ((void *)0)
#define ALIGNED(bytes) __attribute__((aligned(bytes)))
#define NORETURN __attribute__((noreturn))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the program: every workload defines this; it runs on vCPU 0 with the other vCPUs waiting ---- */
void workload_main(void);

/* ---- parameters: `key=value` words of the boot arguments; reading one also lists it in the begin line ---- */
u32 param_number(const char *key, u32 standard, u32 least, u32 most);
/* What the begin line shows for a number that the program chose itself. */
void param_set(const char *key, u32 number);
/* `choices` is "a|b|c"; returns the index of the chosen one. */
u32 param_choice(const char *key, const char *choices, u32 standard);

/* ---- vCPUs ---- */
extern u32 vcpus; /* that take part */
void run_on_all(void (*body)(u32 id));
void barrier(u32 id);
/* The two halves of a barrier on vCPU 0, for work to be done while all others wait. */
void barrier_gather(void);
void barrier_release(void);
/* Waits until *word is `value`; the writer uses publish(). Needs message passing only, no atomics, so that the
   harness itself stays right under atomics schemes that are not. */
void wait_for(volatile u32 *word, u32 value);
void publish(volatile u32 *word, u32 value);

/* ---- measuring and reporting ---- */
struct vcpu_report {
  u64 start, end; /* CNTVCT */
  u64 ops;
  u64 field[6];
} ALIGNED(LINE);
extern struct vcpu_report reports[MAX_VCPUS];
/* Runs warm_up on every vCPU, gathers them, runs reset on vCPU 0, prints the begin line, then runs and times body. */
struct phases {
  void (*warm_up)(u32 id); /* may be NULL */
  void (*reset)(void);     /* may be NULL; the reports are cleared in any case */
  void (*body)(u32 id);
};
void measure(const char *workload, struct phases phases);
/* A workload whose speed counts (timed.c): every vCPU runs `work` over and over, which warms up, until the speed has
   settled; then all state goes back to its beginning and the timed part begins. */
struct timed {
  const char *unit;       /* name of the parameter: operations of a vCPU in the timed part */
  u32 standard, most;     /* its default and its largest value; the least is 1 */
  void (*prepare)(u32 id); /* once on every vCPU, before anything else; may be NULL */
  void (*reset)(void);     /* back to the beginning, on vCPU 0 while the others wait; may be NULL */
  /* `count` operations. Goes on where the call before ended and adds to reports[id], so that a run's result does not
     depend on how it is cut. All vCPUs get the same counts in the same order. */
  void (*work)(u32 id, u32 count);
};
/* Returns the operations of each vCPU in the timed part: as asked by the parameter `unit` or by `milliseconds`. */
u32 measure_timed(const char *workload, struct timed timed);
/* The end line; `format` continues it. Then one line a vCPU with reports[].field[] under these names. */
void report_end(u32 pass, const char *format, ...);
void report_vcpus(const char *const *names, u32 count);
NORETURN void fail(const char *format, ...);
NORETURN void power_off(void);

/* ---- console: %s, %c, %u (u32), %U (u64), %x (u32 as 0x%08x), %X (u64 as 0x%016x) ---- */
void print(const char *format, ...);
void print_list(const char *format, __builtin_va_list list);

/* ---- memory ---- */
void *allocate(u32 bytes, u32 align);
u32 memory_left(void);
void mmu_map_page(u32 virtual_address, u32 physical_address);
void mmu_unmap_page(u32 virtual_address);
void *memcpy(void *to, const void *from, __SIZE_TYPE__ bytes);
void *memset(void *to, int value, __SIZE_TYPE__ bytes);
u32 text_equal(const char *a, const char *b);

/* ---- exceptions and interrupts ---- */
enum { EXCEPTION_UNDEFINED = 1, EXCEPTION_SVC = 2, EXCEPTION_PREFETCH = 3, EXCEPTION_DATA = 4 };
struct exception_frame {
  u32 spsr, padding, r0, r1, r2, r3, r12;
  u32 pc; /* of the instruction itself; returning runs it again */
};
/* Asked first on each exception; returns 1 when handled (it may change the frame), 0 to end the run with an error. */
extern u32 (*exception_hook)(u32 type, struct exception_frame *frame, u32 status, u32 address);
/* One handler a vCPU for every interrupt number. */
extern void (*interrupt_handler)(u32 id, u32 number);
void gic_enable_vcpu(void);
void gic_enable_private(u32 number);
void gic_send(u32 target, u32 number);

u32 psci(u32 function, u32 a, u32 b, u32 c);

/* ---- board ---- */
#define GICD_BASE 0x08000000u
#define GICC_BASE 0x08010000u
#define UART_BASE 0x09000000u
#define RTC_BASE 0x09010000u
static inline volatile u32 *device(u32 address) {
  return (volatile u32 *)address;
}

/* A small pseudo-random sequence; use its high bits. */
static inline u32 lcg(u32 *state) {
  return *state = *state * 1664525u + 1013904223u;
}
static inline u32 lcg_seed(u32 id) {
  return (id + 1) * 2654435761u;
}
static inline u32 mix(u32 sum, u32 value) {
  return (sum ^ value) * 16777619u;
}

#endif
