/*
 * Thumb code where its two hard parts meet: 32-bit instructions that lie across two pages, and IT blocks that are left
 * by an abort in the middle. Each vCPU has a window of its own, through which it calls code that it rewrites, remaps and
 * unmaps page by page. It must run the bytes that are there, each fault must come at the right address with the right IT
 * state, and the instruction must go on as if nothing had been.
 */
#include "../runtime/atomic.h"
#include "../runtime/cp15.h"

#define WINDOW 0x80000000u
#define CODES 2u
#define NEXTS 3u
/* Pages of a window: code, what follows it, data. */
enum { CODE, NEXT, DATA, WINDOW_PAGES };
#define CMP_R0_0 0x2800
#define IT_EQ 0xbf08
#define ITE_EQ 0xbf0c
#define ITETE_EQ 0xbf0b
#define BX_LR 0x4770
#define SPSR_IT 0x0600fc00u

typedef u32 (*function)(u32 select, const u32 *a, const u32 *b);

static u32 rounds;
static struct vcpu {
  u16 *code[CODES], *next[NEXTS];
  u32 *data;
  /* The fault that is to come, and how many came. */
  u32 type, pc, address, it, page, frame;
  u32 faults, wrong_faults;
} vcpu_state[MAX_VCPUS] ALIGNED(LINE);

static u32 page_address(u32 id, u32 page) {
  return WINDOW + (id * 2 * WINDOW_PAGES + page) * PAGE;
}

/* CPSR bits of an IT state. */
static u32 it_bits(u32 state) {
  return (state >> 2) << 10 | (state & 3) << 25;
}

static void map(u32 id, u32 page, const void *frame) {
  mmu_unmap_page(page_address(id, page));
  tlb_flush_address(page_address(id, page));
  dsb();
  mmu_map_page(page_address(id, page), (u32)frame);
}

/* The next access to `page` faults, and then gets `frame`. */
static void expect_fault(u32 id, u32 type, u32 page, const void *frame, u32 pc, u32 address, u32 it) {
  struct vcpu *self = &vcpu_state[id];
  mmu_unmap_page(page_address(id, page));
  tlb_flush_address(page_address(id, page));
  dsb();
  isb();
  self->type = type;
  self->page = page;
  self->frame = (u32)frame;
  self->pc = pc;
  self->address = address;
  self->it = it_bits(it);
}

static u32 take_fault(u32 type, struct exception_frame *frame, u32 status, u32 address) {
  u32 id = current_vcpu();
  struct vcpu *self = &vcpu_state[id];
  if (self->type == 0) return 0;
  self->wrong_faults += type != self->type || frame->pc != self->pc || address != self->address ||
                        (frame->spsr & SPSR_IT) != self->it || (status & 0x40f) != 0x7;
  self->faults++;
  self->type = 0;
  mmu_map_page(page_address(id, self->page), self->frame);
  return 1;
}

/* MOVW r0, #low: its second halfword alone says which. */
static void write_movw(u16 *first, u16 *second, u32 low) {
  *first = 0xf240;
  *second = (low & 0x700) << 4 | (low & 0xff);
}

static void publish_halfwords(u16 *at, u32 count) {
  publish_code((u32)at, 2 * count);
}

/* At the end of the page: the instruction across it under a condition; at its start: an IT block over data. */
static void write_crossing(u16 *code) {
  static const u16 block[] = {CMP_R0_0, ITETE_EQ, 0x6808 /* ldreq r0, [r1] */, 0x6810 /* ldrne r0, [r2] */,
                              0x3001 /* addeq r0, #1 */, 0x3002 /* addne r0, #2 */, BX_LR};
  memcpy(code, block, sizeof block);
  code[PAGE / 2 - 3] = CMP_R0_0;
  code[PAGE / 2 - 2] = IT_EQ;
  code[PAGE / 2 - 1] = 0xf240;
}

/* An IT block whose instructions are on the next page. */
static void write_split_block(u16 *code) {
  code[PAGE / 2 - 2] = CMP_R0_0;
  code[PAGE / 2 - 1] = ITE_EQ;
}

static void write_next(u16 *next, u32 low) {
  u16 first;
  write_movw(&first, next, low);
  next[1] = BX_LR;
}

static void write_next_of_block(u16 *next, u32 equal, u32 not_equal) {
  next[0] = 0x2000 | equal;     /* moveq r0, #equal */
  next[1] = 0x2000 | not_equal; /* movne r0, #not_equal */
  next[2] = BX_LR;
}

static u32 call(u32 id, u32 offset, u32 select) {
  const u32 *data = (const u32 *)page_address(id, DATA);
  return ((function)(page_address(id, CODE) + offset + 1))(select, data, data + 1);
}

/* Calls the crossing instruction: taken and not. */
static u32 check_crossing(u32 id, u32 low) {
  u32 wrong = 0;
  for (u32 i = 0; i < 4; i++) wrong += call(id, PAGE - 6, 0) != low || call(id, PAGE - 6, 77) != 77;
  return wrong;
}

static u32 crossing(u32 id, u32 round) {
  struct vcpu *self = &vcpu_state[id];
  u32 low = round & 0x7ff, other = (round * 7) & 0x7ff, wrong = 0;
  u32 boundary = page_address(id, NEXT);
  map(id, CODE, self->code[0]);
  map(id, NEXT, self->next[0]);
  write_next(self->next[0], low);
  publish_halfwords(self->next[0], 2);
  wrong += check_crossing(id, low);
  /* Another page behind the same first one. */
  write_next(self->next[1], other);
  publish_halfwords(self->next[1], 2);
  map(id, NEXT, self->next[1]);
  wrong += check_crossing(id, other);
  /* The half on the second page is rewritten, then the one on the first. */
  write_next(self->next[1], low);
  publish_halfwords(self->next[1], 2);
  wrong += check_crossing(id, low);
  self->code[0][PAGE / 2 - 1] = 0xf241; /* sets bit 12 */
  publish_halfwords(&self->code[0][PAGE / 2 - 1], 1);
  wrong += check_crossing(id, low | 0x1000);
  self->code[0][PAGE / 2 - 1] = 0xf240;
  publish_halfwords(&self->code[0][PAGE / 2 - 1], 1);
  /* The second half cannot be fetched. */
  expect_fault(id, EXCEPTION_PREFETCH, NEXT, self->next[0], boundary - 2, boundary, 0x08);
  wrong += check_crossing(id, low);
  return wrong;
}

static u32 blocks(u32 id, u32 round) {
  struct vcpu *self = &vcpu_state[id];
  u32 address = page_address(id, DATA), boundary = page_address(id, NEXT), wrong = 0;
  self->data[0] = round;
  self->data[1] = ~round;
  map(id, CODE, self->code[0]);
  expect_fault(id, EXCEPTION_DATA, DATA, self->data, page_address(id, CODE) + 4, address, 0x0b);
  wrong += call(id, 0, 0) != round + 1;
  expect_fault(id, EXCEPTION_DATA, DATA, self->data, page_address(id, CODE) + 6, address + 4, 0x16);
  wrong += call(id, 0, 1) != ~round + 2;
  wrong += call(id, 0, 0) != round + 1;
  map(id, CODE, self->code[1]);
  write_next_of_block(self->next[2], round & 0x7f, 0x80 | (round & 0x7f));
  publish_halfwords(self->next[2], 3);
  expect_fault(id, EXCEPTION_PREFETCH, NEXT, self->next[2], boundary, boundary, 0x0c);
  wrong += call(id, PAGE - 4, 0) != (round & 0x7f);
  wrong += call(id, PAGE - 4, 1) != (0x80 | (round & 0x7f));
  return wrong;
}

static void body(u32 id) {
  u64 wrong = 0;
  for (u32 round = 1; round <= rounds; round++) wrong += crossing(id, round) + blocks(id, round);
  reports[id].ops = rounds;
  reports[id].field[0] = wrong;
  reports[id].field[1] = vcpu_state[id].wrong_faults;
  reports[id].field[2] = vcpu_state[id].faults;
}

void workload_main(void) {
  rounds = param_number("rounds", 200, 1, 10000000);
  exception_hook = take_fault;
  for (u32 id = 0; id < vcpus; id++) {
    struct vcpu *self = &vcpu_state[id];
    for (u32 i = 0; i < CODES; i++) self->code[i] = allocate(PAGE, PAGE);
    for (u32 i = 0; i < NEXTS; i++) self->next[i] = allocate(PAGE, PAGE);
    self->data = allocate(PAGE, PAGE);
    write_crossing(self->code[0]);
    write_split_block(self->code[1]);
    for (u32 i = 0; i < CODES; i++) publish_code((u32)self->code[i], PAGE);
    mmu_map_page(page_address(id, DATA), (u32)self->data);
  }
  measure("thumb-pages", (struct phases){.body = body});
  u32 wrong = 0, wrong_faults = 0, faults = 0;
  for (u32 id = 0; id < vcpus; id++) {
    wrong += (u32)reports[id].field[0];
    wrong_faults += (u32)reports[id].field[1];
    faults += (u32)reports[id].field[2];
  }
  u32 missing = 4 * rounds * vcpus - faults;
  report_end(wrong == 0 && wrong_faults == 0 && missing == 0, "wrong=%u wrong_faults=%u missing_faults=%u", wrong,
             wrong_faults, missing);
  static const char *const names[] = {"wrong", "wrong_faults", "faults"};
  report_vcpus(names, COUNT_OF(names));
}
