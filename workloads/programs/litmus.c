/*
 * Litmus shapes: which outcomes of a few unordered accesses show. Each batch holds many independent instances of the shape
 * at locations of their own; thread T of a shape runs on vCPU T and walks over the instances in the same order as the
 * others, with small pseudo-random delays, meeting them before each instance for a bounded time. Each shape runs without
 * barriers, with a DMB between the accesses of every thread, and with one in thread 0 only.
 */
#include "../runtime/atomic.h"

#define MAX_INSTANCES 1024u
#define MAX_THREADS 4u

/* One location a line, so that instances do not disturb one another. */
struct location {
  volatile u32 value ALIGNED(LINE);
};
static struct location locations[3][MAX_INSTANCES] ALIGNED(PAGE);
static u32 results[MAX_THREADS][MAX_INSTANCES][4] ALIGNED(PAGE);
static struct {
  volatile u32 at ALIGNED(LINE);
} position[MAX_VCPUS];

static u32 instances, meeting;

struct walk {
  u32 id, threads, seed;
};

static inline void meet(struct walk *walk, u32 instance) {
  store(&position[walk->id].at, instance);
  for (u32 other = 0; other < walk->threads; other++) {
    /* The first meeting is long, so that all threads of a batch start together. */
    u32 most = instance == 1 ? meeting * 100 : meeting;
    for (u32 looks = 0; looks < most && load(&position[other].at) < instance; looks++) {
    }
  }
  for (u32 delay = lcg(&walk->seed) >> 29; delay; delay--) asm volatile("");
}

static inline u32 load_after(volatile u32 *p, u32 earlier) {
  u32 value;
  asm volatile("eor %0, %2, %2\n ldr %0, [%1, %0]" : "=&r"(value) : "r"(p), "r"(earlier) : "memory");
  return value;
}
static inline void store_after(volatile u32 *p, u32 value, u32 earlier) {
  u32 made;
  asm volatile("eor %0, %3, %3\n add %0, %0, %2\n str %0, [%1]"
               : "=&r"(made) : "r"(p), "r"(value), "r"(earlier) : "memory");
}

/* Defines the walk of one thread of a shape, without and with a DMB at each FENCE. */
#define THREAD(name, ...) \
  static inline __attribute__((always_inline)) void name##_walk(struct walk *walk, u32 fenced) { \
    for (u32 i = 0; i < instances; i++) { \
      volatile u32 *x = &locations[0][i].value, *y = &locations[1][i].value, *z = &locations[2][i].value; \
      u32 *r = results[walk->id][i]; \
      meet(walk, i + 1); \
      (void)x, (void)y, (void)z, (void)r, (void)fenced; \
      __VA_ARGS__ \
    } \
  } \
  static void name##_plain(struct walk *walk) { name##_walk(walk, 0); } \
  static void name##_fenced(struct walk *walk) { name##_walk(walk, 1); }
#define FENCE if (fenced) dmb()
#define BOTH(name) { name##_plain, name##_fenced }

THREAD(write_x, store(x, 1);)
THREAD(write_y, store(y, 1);)
THREAD(write_x2, store(x, 2);)
THREAD(write_x1_x2, store(x, 1); FENCE; store(x, 2);)
THREAD(write_x_y, store(x, 1); FENCE; store(y, 1);)
THREAD(write_x2_y, store(x, 2); FENCE; store(y, 1);)
THREAD(write_x_y2, store(x, 1); FENCE; store(y, 2);)
THREAD(write_y_x2, store(y, 1); FENCE; store(x, 2);)
THREAD(write_x_read_y, store(x, 1); FENCE; r[0] = load(y);)
THREAD(write_y_read_x, store(y, 1); FENCE; r[0] = load(x);)
THREAD(write_y2_read_x, store(y, 2); FENCE; r[0] = load(x);)
THREAD(write_x_read_x, store(x, 1); FENCE; r[0] = load(x);)
THREAD(read_x_write_y, u32 a = load(x); FENCE; store(y, 1); r[0] = a;)
THREAD(read_y_write_x, u32 a = load(y); FENCE; store(x, 1); r[0] = a;)
THREAD(read_y_write_z, u32 a = load(y); FENCE; store(z, 1); r[0] = a;)
THREAD(read_x_write_x, u32 a = load(x); FENCE; store(x, 1); r[0] = a;)
THREAD(read_x_y, u32 a = load(x); FENCE; u32 b = load(y); r[0] = a; r[1] = b;)
THREAD(read_y_x, u32 a = load(y); FENCE; u32 b = load(x); r[0] = a; r[1] = b;)
THREAD(read_z_x, u32 a = load(z); FENCE; u32 b = load(x); r[0] = a; r[1] = b;)
/* Ordered by a dependency in place of the barrier: the address, or the data, is made from the value loaded before. */
THREAD(read_y_then_x_by_address, u32 a = load(y); u32 b = load_after(x, a); r[0] = a; r[1] = b;)
THREAD(read_x_write_y_by_data, u32 a = load(x); store_after(y, 1, a); r[0] = a;)
THREAD(read_y_write_x_by_data, u32 a = load(y); store_after(x, 1, a); r[0] = a;)
THREAD(read_x_x, u32 a = load(x); FENCE; u32 b = load(x); r[0] = a; r[1] = b;)

/* Where a value of the outcome comes from: register R of thread T, or the final value of a location. */
#define REGISTER(thread, number) ((thread) * 4 + (number))
#define FINAL(location) (16 + (location))
#define X 0
#define Y 1

/* Which threads run their DMB; the `forbids` of a shape are the modes in which the model forbids the weak outcomes. */
enum { NONE, EVERY, FIRST, MODES };
static const char *const mode_names[MODES] = {"0", "1", "first"};
#define WITH_BARRIERS (1u << EVERY)
#define WITH_FIRST (1u << EVERY | 1u << FIRST)
#define ALWAYS (1u << NONE | 1u << EVERY | 1u << FIRST)
#define ANY 15u /* in `weak`: this value does not matter */

static const struct shape {
  const char *name, *values;
  u32 threads;
  void (*run[MAX_THREADS][2])(struct walk *walk);
  u32 count;
  u8 source[4], weak[2][4]; /* up to two weak outcomes */
  u32 weak_count, forbids;
} shapes[] = {
  {"SB", "0:r0,1:r0", 2, {BOTH(write_x_read_y), BOTH(write_y_read_x)}, 2, {REGISTER(0, 0), REGISTER(1, 0)},
   {{0, 0}}, 1, WITH_BARRIERS},
  {"MP", "1:r0,1:r1", 2, {BOTH(write_x_y), BOTH(read_y_x)}, 2, {REGISTER(1, 0), REGISTER(1, 1)},
   {{1, 0}}, 1, WITH_BARRIERS},
  {"LB", "0:r0,1:r0", 2, {BOTH(read_x_write_y), BOTH(read_y_write_x)}, 2, {REGISTER(0, 0), REGISTER(1, 0)},
   {{1, 1}}, 1, WITH_BARRIERS},
  {"S", "1:r0,x", 2, {BOTH(write_x2_y), BOTH(read_y_write_x)}, 2, {REGISTER(1, 0), FINAL(X)},
   {{1, 2}}, 1, WITH_BARRIERS},
  {"R", "1:r0,y", 2, {BOTH(write_x_y), BOTH(write_y2_read_x)}, 2, {REGISTER(1, 0), FINAL(Y)},
   {{0, 2}}, 1, WITH_BARRIERS},
  {"2+2W", "x,y", 2, {BOTH(write_x_y2), BOTH(write_y_x2)}, 2, {FINAL(X), FINAL(Y)}, {{1, 1}}, 1, WITH_BARRIERS},
  {"CoRR", "1:r0,1:r1", 2, {BOTH(write_x), BOTH(read_x_x)}, 2, {REGISTER(1, 0), REGISTER(1, 1)}, {{1, 0}}, 1, ALWAYS},
  {"CoWW", "1:r0,1:r1,x", 2, {BOTH(write_x1_x2), BOTH(read_x_x)}, 3, {REGISTER(1, 0), REGISTER(1, 1), FINAL(X)},
   {{ANY, ANY, 1}, {2, 1, ANY}}, 2, ALWAYS},
  {"CoRW", "0:r0,x", 2, {BOTH(read_x_write_x), BOTH(write_x2)}, 2, {REGISTER(0, 0), FINAL(X)},
   {{1, ANY}, {2, 2}}, 2, ALWAYS},
  {"CoWR", "0:r0,x", 2, {BOTH(write_x_read_x), BOTH(write_x2)}, 2, {REGISTER(0, 0), FINAL(X)},
   {{0, ANY}, {2, 1}}, 2, ALWAYS},
  {"WRC", "1:r0,2:r0,2:r1", 3, {BOTH(write_x), BOTH(read_x_write_y), BOTH(read_y_x)}, 3,
   {REGISTER(1, 0), REGISTER(2, 0), REGISTER(2, 1)}, {{1, 1, 0}}, 1, WITH_BARRIERS},
  {"ISA2", "1:r0,2:r0,2:r1", 3, {BOTH(write_x_y), BOTH(read_y_write_z), BOTH(read_z_x)}, 3,
   {REGISTER(1, 0), REGISTER(2, 0), REGISTER(2, 1)}, {{1, 1, 0}}, 1, WITH_BARRIERS},
  {"IRIW", "2:r0,2:r1,3:r0,3:r1", 4, {BOTH(write_x), BOTH(write_y), BOTH(read_x_y), BOTH(read_y_x)}, 4,
   {REGISTER(2, 0), REGISTER(2, 1), REGISTER(3, 0), REGISTER(3, 1)}, {{1, 0, 1, 0}}, 1, WITH_BARRIERS},
  {"MP+addr", "1:r0,1:r1", 2, {BOTH(write_x_y), BOTH(read_y_then_x_by_address)}, 2,
   {REGISTER(1, 0), REGISTER(1, 1)}, {{1, 0}}, 1, WITH_FIRST},
  {"S+data", "1:r0,x", 2, {BOTH(write_x2_y), BOTH(read_y_write_x_by_data)}, 2, {REGISTER(1, 0), FINAL(X)},
   {{1, 2}}, 1, WITH_FIRST},
  {"LB+data", "0:r0,1:r0", 2, {BOTH(read_x_write_y_by_data), BOTH(read_y_write_x_by_data)}, 2,
   {REGISTER(0, 0), REGISTER(1, 0)}, {{1, 1}}, 1, ALWAYS},
  {"WRC+addr", "1:r0,2:r0,2:r1", 3, {BOTH(write_x), BOTH(read_x_write_y), BOTH(read_y_then_x_by_address)}, 3,
   {REGISTER(1, 0), REGISTER(2, 0), REGISTER(2, 1)}, {{1, 1, 0}}, 1, WITH_BARRIERS},
};
#define SHAPES COUNT_OF(shapes)
#define ALL_SHAPES SHAPES
#define SHAPE_CHOICES "SB|MP|LB|S|R|2+2W|CoRR|CoWW|CoRW|CoWR|WRC|ISA2|IRIW|MP+addr|S+data|LB+data|WRC+addr|all"

static u32 chosen, modes, rounds, ran;
/* Outcomes by their values, two bits each. */
static u32 seen[SHAPES][MODES][256];

static u32 takes_part(u32 shape) {
  return (chosen == ALL_SHAPES || chosen == shape) && shapes[shape].threads <= vcpus;
}

static void clear_batch(void) {
  for (u32 i = 0; i < instances; i++) {
    for (u32 location = 0; location < 3; location++) locations[location][i].value = 0;
  }
  for (u32 id = 0; id < vcpus; id++) position[id].at = 0;
}

static void collect(const struct shape *shape, u32 *histogram) {
  for (u32 i = 0; i < instances; i++) {
    u32 key = 0;
    for (u32 k = 0; k < shape->count; k++) {
      u32 source = shape->source[k];
      u32 value = source < FINAL(0) ? results[source >> 2][i][source & 3] : locations[source - FINAL(0)][i].value;
      key |= (value & 3) << (2 * k);
    }
    histogram[key]++;
  }
}

static void run_shape(u32 id, u32 number, u32 mode, u32 *seed) {
  const struct shape *shape = &shapes[number];
  for (u32 round = 0; round < rounds; round++) {
    if (id == 0) {
      barrier_gather();
      clear_batch();
      barrier_release();
    } else {
      barrier(id);
    }
    if (id < shape->threads) {
      struct walk walk = {id, shape->threads, *seed};
      shape->run[id][mode == EVERY || (mode == FIRST && id == 0)](&walk);
      *seed = walk.seed;
      reports[id].ops += id == 0 ? instances : 0;
    }
    barrier(id);
    if (id == 0) collect(shape, seen[number][mode]);
  }
}

static void body(u32 id) {
  u32 seed = lcg_seed(id);
  for (u32 shape = 0; shape < SHAPES; shape++) {
    for (u32 mode = 0; mode < MODES; mode++) {
      if (takes_part(shape) && (modes == MODES || modes == mode)) run_shape(id, shape, mode, &seed);
    }
  }
}

static u32 is_weak(const struct shape *shape, u32 key) {
  for (u32 w = 0; w < shape->weak_count; w++) {
    u32 same = 1;
    for (u32 k = 0; k < shape->count; k++)
      same &= shape->weak[w][k] == ANY || shape->weak[w][k] == (key >> (2 * k) & 3);
    if (same) return 1;
  }
  return 0;
}

static u32 is_allowed(const struct shape *shape, u32 key, u32 mode) {
  return !is_weak(shape, key) || !(shape->forbids & 1u << mode);
}

static void print_outcomes(const struct shape *shape, u32 mode, const u32 *histogram) {
  for (u32 key = 0; key < 256; key++) {
    if (histogram[key] == 0) continue;
    print("@mttcg outcome name=%s dmb=%s regs=", shape->name, mode_names[mode]);
    for (u32 k = 0; k < shape->count; k++) print(k ? ",%u" : "%u", key >> (2 * k) & 3);
    print(" count=%u weak=%u allowed=%u of=%s\n", histogram[key], is_weak(shape, key),
          is_allowed(shape, key, mode), shape->values);
  }
}

void workload_main(void) {
  chosen = param_choice("shape", SHAPE_CHOICES, ALL_SHAPES);
  modes = param_choice("dmb", "0|1|first|all", MODES);
  rounds = param_number("rounds", 40, 1, 10000000);
  instances = param_number("instances", 256, 1, MAX_INSTANCES);
  meeting = param_number("meeting", 16, 0, 100000);
  measure("litmus", (struct phases){.body = body});
  u32 weak = 0, forbidden = 0;
  for (u32 shape = 0; shape < SHAPES; shape++) {
    for (u32 mode = 0; mode < MODES; mode++) {
      for (u32 key = 0; key < 256; key++) {
        u32 count = seen[shape][mode][key];
        ran += count;
        if (count && is_weak(&shapes[shape], key)) weak += count;
        if (count && !is_allowed(&shapes[shape], key, mode)) forbidden += count;
      }
    }
  }
  report_end(forbidden == 0 && ran == (u32)reports[0].ops, "skipped=%u weak=%u forbidden=%u", ran == 0 ? 1u : 0u, weak,
             forbidden);
  report_vcpus(NULL, 0);
  for (u32 shape = 0; shape < SHAPES; shape++) {
    for (u32 mode = 0; mode < MODES; mode++) print_outcomes(&shapes[shape], mode, seen[shape][mode]);
  }
}
