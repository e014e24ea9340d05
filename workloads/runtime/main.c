/* Boot, the vCPUs' work loop, memory, and power off. */
#include "atomic.h"
#include "cp15.h"
#include "fdt.h"
#include "internal.h"

#define PSCI_CPU_ON 0x84000003u
#define PSCI_SYSTEM_OFF 0x84000008u

u32 vcpus = 1;

static struct board board;
static u32 heap_next, heap_end;
extern u8 __image_end[];

/* One line a vCPU: what it has reached. Written by that vCPU alone, so no atomics are needed. */
struct progress {
  volatile u32 ready;     /* secondary_main was reached */
  volatile u32 job_done;  /* number of the last finished job */
  volatile u32 arrived;   /* number of the last barrier reached */
  u32 barriers;           /* private: barriers passed */
} ALIGNED(LINE);
static struct progress progress[MAX_VCPUS];
static struct {
  volatile u32 number ALIGNED(LINE);
  void (*volatile body)(u32 id);
} job;
static volatile u32 released ALIGNED(LINE);

void publish(volatile u32 *word, u32 value) {
  dmb();
  *word = value;
  dsb();
  sev();
}

void wait_for(volatile u32 *word, u32 value) {
  for (u32 spins = 0; *word != value; spins++) {
    if (spins < 256)
      relax();
    else
      wfe();
  }
  dmb();
}

void secondary_main(u32 id) {
  u32 number = 0;
  publish(&progress[id].ready, 1);
  for (;;) {
    wait_for(&job.number, ++number);
    job.body(id);
    publish(&progress[id].job_done, number);
  }
}

void run_on_all(void (*body)(u32 id)) {
  u32 number = job.number + 1;
  job.body = body;
  publish(&job.number, number);
  body(0);
  for (u32 id = 1; id < vcpus; id++) wait_for(&progress[id].job_done, number);
}

void barrier_gather(void) {
  u32 number = ++progress[0].barriers;
  for (u32 id = 1; id < vcpus; id++) wait_for(&progress[id].arrived, number);
}

void barrier_release(void) {
  publish(&released, progress[0].barriers);
}

void barrier(u32 id) {
  if (id == 0) {
    barrier_gather();
    barrier_release();
  } else {
    u32 number = ++progress[id].barriers;
    publish(&progress[id].arrived, number);
    wait_for(&released, number);
  }
}

void power_off(void) {
  psci(PSCI_SYSTEM_OFF, 0, 0, 0);
  for (;;) wfi();
}

void fail(const char *format, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, format);
  print("@mttcg error ");
  print_list(format, list);
  print("\n");
  __builtin_va_end(list);
  power_off();
}

void *allocate(u32 bytes, u32 align) {
  u32 start = (heap_next + align - 1) & ~(align - 1);
  if (start > heap_end || bytes > heap_end - start)
    fail("out of guest memory: %u bytes wanted, %u left; give the machine more or choose smaller parameters", bytes,
         heap_end - heap_next);
  heap_next = start + bytes;
  return (void *)start;
}

u32 memory_left(void) {
  return heap_end - heap_next;
}

static void start_secondaries(void) {
  for (u32 id = 1; id < vcpus; id++) {
    u32 status = psci(PSCI_CPU_ON, board.affinity[id], (u32)secondary_entry, id);
    if (status != 0) fail("PSCI CPU_ON of cpu %u answered %x", id, status);
  }
  for (u32 id = 1; id < vcpus; id++) wait_for(&progress[id].ready, 1);
}

void runtime_main(u32 tree_hint) {
  console_start();
  const u32 *tree = fdt_find(tree_hint);
  if (tree == NULL) fail("no device tree in r2 nor at the start of RAM");
  fdt_read(tree, &board);
  if (board.cpus == 0 || board.memory_bytes == 0) fail("the device tree names no cpu or no memory");
  heap_next = (u32)__image_end;
  heap_end = board.memory_start + board.memory_bytes;
  if ((u32)tree > heap_next && (u32)tree < heap_end) heap_end = (u32)tree & ~(PAGE - 1);
  params_start(board.arguments);
  mmu_start(board.memory_start, board.memory_bytes);
  u32 most = board.cpus < MAX_VCPUS ? board.cpus : MAX_VCPUS;
  vcpus = param_number("vcpus", most, 1, most);
  start_secondaries();
  workload_main();
  print("@mttcg done\n");
  power_off();
}
