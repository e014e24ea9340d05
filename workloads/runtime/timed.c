/*
 * Timed workloads. A translator warms up for an unknown time: blocks are interpreted, then compiled, joined, optimised, and
 * some of it happens on other threads. So the guest runs its work in segments until their times agree, and only then
 * the part that counts. All of it goes by the guest's own counter and runs on any machine in the same way.
 */
#include "atomic.h"
#include "cp15.h"
#include "internal.h"

/* A segment of the warm-up takes a vCPU this long at least: longer than the counter's steps and a cold cache. */
#define SEGMENT_MS 5u
/* All of them take this long at least: optimised code that another thread prepares comes late. */
#define LEAST_WARM_UP_MS 100u
/* So many segments in a row must agree, all but the slowest, to one part in AGREEMENT. */
#define WINDOW 5u
#define AGREEMENT 10u
#define MOST_GROWTH 10u
#define MOST_SEGMENTS 96u
#define TIMED_SEGMENTS 10u

static struct timed timed;
static const char *workload;
static u32 total, milliseconds, most_count, most_milliseconds;

static struct segment {
  u32 count; /* operations of each vCPU */
  u64 ticks; /* of the vCPU that was the fastest: what a host does beside slows only some */
  u64 span;  /* from the first vCPU's start to the last one's end, in which vCPUs also wait for a core */
} warm_up[MOST_SEGMENTS];
static u32 warm_up_length, settled;

/* The timed part, cut: operations of a vCPU in each segment, and when each vCPU ended each. */
static u32 cut[TIMED_SEGMENTS], cut_length;
static struct {
  u64 ends[TIMED_SEGMENTS];
} stamps[MAX_VCPUS] ALIGNED(LINE);
/* Operations of the next segment of the warm-up; 0 ends it. Written by vCPU 0 while the others wait. */
static volatile u32 next_count ALIGNED(LINE);

/* There is no 64-bit division in the library. */
static u64 divide(u64 n, u64 d) {
  u64 quotient = 0;
  for (int shift = 63; shift >= 0; shift--) {
    if ((n >> shift) >= d) {
      n -= d << shift;
      quotient |= 1ull << shift;
    }
  }
  return quotient;
}

static u64 ticks_of(u32 some_milliseconds) {
  return (u64)(counter_frequency() / 1000) * some_milliseconds;
}

/* ---- the warm-up: vCPU 0 decides between segments ---- */

/* Segments of the newest one's count, the newest included; at most WINDOW. */
static u32 alike(void) {
  u32 length = 1;
  const struct segment *last = &warm_up[warm_up_length - 1];
  while (length < WINDOW && length < warm_up_length && last[-(int)length].count == last->count) length++;
  return length;
}

/* What disturbs a machine makes a segment slow, so the slowest one may be slower. A faster tier makes the newest ones
   fast, so the fastest may not stand alone. */
static u32 agree(void) {
  u64 fastest = ~0ull, slowest = 0, second = 0;
  for (u32 i = warm_up_length - WINDOW; i < warm_up_length; i++) {
    u64 ticks = warm_up[i].ticks;
    if (ticks < fastest) fastest = ticks;
    if (ticks > slowest) {
      second = slowest;
      slowest = ticks;
    } else if (ticks > second) {
      second = ticks;
    }
  }
  return (second - fastest) * AGREEMENT <= fastest;
}

static u32 within(u64 count, u64 most) {
  return (u32)(count < most ? count : most);
}

/* After a segment: operations of the next one, or 0. */
static u32 after_segment(void) {
  static u64 worked, elapsed, done;
  static u32 repeats; /* segments of this count */
  const struct segment *last = &warm_up[warm_up_length - 1];
  worked += last->ticks;
  elapsed += last->span;
  done += last->count;
  repeats++;
  if (alike() == WINDOW && worked >= ticks_of(LEAST_WARM_UP_MS) && agree()) {
    settled = 1;
    return 0;
  }
  if (done >= most_count || elapsed >= ticks_of(most_milliseconds) || warm_up_length == MOST_SEGMENTS) return 0;
  u64 count = last->count;
  if (last->ticks < ticks_of(SEGMENT_MS)) {
    u64 growth = last->ticks == 0 ? MOST_GROWTH : divide(ticks_of(2 * SEGMENT_MS), last->ticks);
    count *= growth < 2 ? 2 : growth > MOST_GROWTH ? MOST_GROWTH : growth;
    repeats = 0;
  } else if (repeats == 2 * WINDOW) {
    /* Uneven for long: longer segments even out. */
    count *= 2;
    repeats = 0;
  }
  return within(count, within(most_count - done, timed.most));
}

static void note_segment(void) {
  u64 start = reports[0].start, end = reports[0].end, fastest = ~0ull;
  for (u32 id = 0; id < vcpus; id++) {
    struct vcpu_report *report = &reports[id];
    if (report->start < start) start = report->start;
    if (report->end > end) end = report->end;
    /* One that only serves others, or has nothing to do, tells no speed. */
    if (report->ops != 0 && report->end - report->start < fastest) fastest = report->end - report->start;
    report->ops = 0;
  }
  struct segment *segment = &warm_up[warm_up_length++];
  segment->count = next_count;
  segment->span = end - start;
  segment->ticks = fastest == ~0ull ? segment->span : fastest;
}

static void meet(u32 id, u32 first) {
  if (id != 0) {
    barrier(id);
    return;
  }
  barrier_gather();
  if (first) {
    next_count = most_count == 0 ? 0 : 1;
  } else {
    note_segment();
    next_count = after_segment();
  }
  barrier_release();
}

static void run_warm_up(u32 id) {
  for (u32 first = 1;; first = 0) {
    meet(id, first);
    u32 count = next_count;
    if (count == 0) return;
    reports[id].start = counter_now();
    timed.work(id, count);
    reports[id].end = counter_now();
  }
}

/* ---- the timed part ---- */

/* Two digits are enough and read well. */
static u32 rounded(u32 value) {
  u32 unit = 1;
  while (value / unit >= 100) unit *= 10;
  u64 sum = (u64)value + unit / 2;
  return within(sum - (u32)sum % unit, timed.most);
}

/* As many operations as take `milliseconds` at the speed of the newest segments, the slowest of them left out. */
static u32 sized(void) {
  u32 length = alike();
  const struct segment *last = &warm_up[warm_up_length - 1];
  u64 sum = 0, slowest = 0;
  for (u32 i = 0; i < length; i++) {
    u64 span = last[-(int)i].span;
    sum += span;
    if (span > slowest) slowest = span;
  }
  u64 mean = length == 1 ? sum : divide(sum - slowest, length - 1);
  u64 count = divide((u64)last->count * ticks_of(milliseconds), mean == 0 ? 1 : mean);
  return rounded(count == 0 ? 1 : within(count, timed.most));
}

static void begin_timed(void) {
  if (milliseconds != 0) total = sized();
  param_set(timed.unit, total);
  cut_length = total < TIMED_SEGMENTS ? total : TIMED_SEGMENTS;
  for (u32 i = 0; i < cut_length; i++) cut[i] = total / cut_length + (i < total % cut_length);
  if (timed.reset != NULL) timed.reset();
  begin_measured(workload);
}

/* No vCPU waits for another between these segments: the stamps are all that they cost. */
static void run_timed(u32 id) {
  reports[id].start = counter_now();
  for (u32 i = 0; i < cut_length; i++) {
    timed.work(id, cut[i]);
    stamps[id].ends[i] = counter_now();
  }
  reports[id].end = stamps[id].ends[cut_length - 1];
}

static void body(u32 id) {
  if (timed.prepare != NULL) timed.prepare(id);
  run_warm_up(id);
  if (id == 0) {
    barrier_gather();
    begin_timed();
    barrier_release();
  } else {
    barrier(id);
  }
  run_timed(id);
}

u32 measure_timed(const char *name, struct timed wanted) {
  timed = wanted;
  workload = name;
  total = param_number(timed.unit, timed.standard, 1, timed.most);
  milliseconds = param_number("milliseconds", 0, 0, 60000);
  most_count = param_number("warmup", 4000000000u, 0, 4000000000u);
  most_milliseconds = param_number("warmup_ms", 2000, 1, 600000);
  if (milliseconds != 0 && most_count == 0)
    fail("parameter milliseconds=%u needs a warm-up to know the speed, and warmup=0 is none", milliseconds);
  params_check_all_read();
  if (timed.reset != NULL) timed.reset();
  run_on_all(body);
  return total;
}

/* ---- the lines ---- */

void report_settling(void) {
  if (cut_length != 0) print(" count=%u settled=%u", total, settled);
}

void report_warm_up(void) {
  for (u32 i = 0; i < warm_up_length; i++)
    print("@mttcg segment count=%u ticks=%U span=%U\n", warm_up[i].count, warm_up[i].ticks, warm_up[i].span);
}

void report_cut(u32 id) {
  u64 before = reports[id].start;
  for (u32 i = 0; i < cut_length; i++) {
    print(i == 0 ? " segments=%U" : ",%U", stamps[id].ends[i] - before);
    before = stamps[id].ends[i];
  }
}
