/*
 * vCPU 0 remaps one 4 KiB page over and over (break before make, TLBIMVAAIS or TLBIALLIS) while the others load through
 * it. A load may fault while the page is unmapped (then it is tried again) and must give the new page's value once the
 * remap was announced; it must never give anything but the old or the new one.
 */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

#define WINDOW 0x80000000u
#define FRAMES 4u

enum { ADDRESS, ALL };
static u32 kind;
static u32 *frames[FRAMES];
static volatile u32 announced ALIGNED(LINE);
static struct {
  volatile u32 round ALIGNED(LINE); /* the last one that is over for this vCPU */
  u32 faults;
} state[MAX_VCPUS];

static u32 value_of(u32 round) {
  return 0xf00d0000u + round % FRAMES;
}

static u32 retry_fault(u32 type, struct exception_frame *frame, u32 status, u32 address) {
  (void)frame;
  if (type != EXCEPTION_DATA || (address & ~(PAGE - 1)) != WINDOW || (status & 0x40f) != 0x7) return 0;
  state[current_vcpu()].faults++;
  return 1; /* back to the load */
}

static void remap(u32 round) {
  mmu_unmap_page(WINDOW);
  if (kind == ADDRESS)
    tlb_flush_address(WINDOW);
  else
    tlb_flush_all();
  dsb();
  mmu_map_page(WINDOW, (u32)frames[round % FRAMES]);
}

static void work(u32 id, u32 count) {
  volatile u32 *at = (volatile u32 *)(WINDOW + 64 * id);
  u64 stale = 0, wild = 0, loads = 0;
  u32 first = state[id].round + 1;
  for (u32 round = first; round < first + count; round++) {
    if (id == 0) {
      remap(round);
      publish(&announced, round);
    } else {
      for (u32 looks = 0; load(&announced) != round; looks++) {
        u32 value = load(at);
        wild += value != value_of(round) && value != value_of(round - 1);
        loads++;
        if (looks < 256)
          relax();
        else
          wfe(); /* the announcement sends an event */
      }
      dmb();
    }
    stale += load(at) != value_of(round);
    loads++;
    if (id == 0) {
      for (u32 other = 1; other < vcpus; other++) wait_for(&state[other].round, round);
      state[0].round = round;
    } else {
      publish(&state[id].round, round);
    }
  }
  reports[id].ops += id == 0 ? count : 0;
  reports[id].field[0] += stale;
  reports[id].field[1] += wild;
  reports[id].field[2] += loads;
  reports[id].field[3] = state[id].faults;
}

/* Back to round 0, while the other vCPUs wait. */
static void reset(void) {
  remap(0);
  announced = 0;
  for (u32 id = 0; id < vcpus; id++) state[id].round = state[id].faults = 0;
}

void workload_main(void) {
  kind = param_choice("kind", "address|all", ADDRESS);
  for (u32 i = 0; i < FRAMES; i++) {
    frames[i] = allocate(PAGE, PAGE);
    for (u32 k = 0; k < PAGE / 4; k++) frames[i][k] = value_of(i);
  }
  mmu_map_page(WINDOW, (u32)frames[0]);
  exception_hook = retry_fault;
  measure_timed("tlb", (struct timed){.unit = "rounds", .standard = 2000, .most = 100000000, .reset = reset,
                                      .work = work});
  u32 stale = 0, wild = 0;
  for (u32 id = 0; id < vcpus; id++) {
    stale += (u32)reports[id].field[0];
    wild += (u32)reports[id].field[1];
  }
  report_end(stale == 0 && wild == 0, "stale=%u wild=%u", stale, wild);
  static const char *const names[] = {"stale", "wild", "loads", "faults"};
  report_vcpus(names, COUNT_OF(names));
}
