/*
 * Litmus tests: which outcomes of a few unordered accesses show. A test runs in rounds. In each, its threads walk over a
 * batch of independent instances in the same order, meeting before each for a bounded time; from round to round the stride,
 * the length of meetings and delays, the vCPU of each thread and the cache that holds each location change, because which
 * of them lets a reordering be seen depends on the host. The tests and what ARMv7 allows are made from ../litmus/shapes.ts.
 */
#include "../runtime/atomic.h"

#define MAX_BATCH 1024u
#define MAX_THREADS 4u
#define MAX_LOCATIONS 3u

/* One location a line, so that instances do not disturb one another; two sets, so that one is cleared while the other's
   last values are still to be counted. */
struct location {
  volatile u32 value ALIGNED(LINE);
};
static struct location locations[2][MAX_LOCATIONS][MAX_BATCH] ALIGNED(PAGE);
static u32 results[MAX_THREADS][MAX_BATCH][4] ALIGNED(PAGE);

/* How far a vCPU has come, each on a line of its own: instances met for, and steps gathered for. */
static struct {
  volatile u32 instances ALIGNED(LINE);
  volatile u32 steps ALIGNED(LINE);
} reached[MAX_VCPUS];

static u32 chosen_shape, chosen_links, instances, batch, meeting;

/* How much longer the first meeting of a round may take: a thread that slept until the round began is on its way. */
#define FIRST_MEETING 16u

/* One thread's part of a round. */
struct run {
  struct location *location[MAX_LOCATIONS]; /* in the order of the thread's first uses */
  u32 (*results)[4];
  volatile u32 *own;
  const volatile u32 *others[MAX_THREADS - 1];
  u32 other_count, first, batch, stride, delay, seed;
  u32 patience; /* looks at another thread; 0 from when one did not come */
  u32 met;      /* instances before which all threads met */
};

/* Waits until every other thread is as far. A thread that did not come, or went on alone, has lost its core: the rest of
   the round is run without waiting. */
static inline void meet(struct run *run, u32 instance, u32 *seed) {
  store(run->own, instance);
  for (u32 other = 0; other < run->other_count; other++) {
    const volatile u32 *at = run->others[other];
    u32 looks = run->patience, ahead;
    while ((int)(ahead = load(at) - instance) < 0 && looks) looks--;
    run->patience = ahead > 1 ? 0 : run->patience;
  }
  if (run->patience) {
    run->met++;
    run->patience = meeting;
  }
  for (u32 delay = lcg(seed) >> 24 & run->delay; delay; delay--) asm volatile("");
}

/* The walk of a thread over its instances; in its body `place` is the instance's place in the arrays. */
#define WALK(run) \
  u32 seed = (run)->seed, place = 0; \
  for (u32 done = 1; done <= (run)->batch && (meet(run, (run)->first + done, &seed), 1); \
       done++, place = (place + (run)->stride) & ((run)->batch - 1))
#define LOCATION(number) &run->location[number][place].value
#define RESULT(number) run->results[place][number]

/* Where a value of an outcome comes from, and the bits that it takes in the outcome's key. */
struct source {
  u8 thread, number, bits;
};
#define FINAL 255u /* as a thread: the location's last value */

struct test {
  u32 shape, links;
  const char *name, *values;
  u32 threads;
  void (*run[MAX_THREADS])(struct run *run);
  u8 uses[MAX_THREADS][MAX_LOCATIONS]; /* locations of each thread */
  u32 sources;
  struct source source[4];
  u32 sequential[8], allowed[8];
};
#include "litmus_tests.h"

#define KEYS 256u
/* Instances by test and outcome, counted by each vCPU for itself. */
static u32 seen[MAX_THREADS][TESTS][KEYS];


static u32 takes_part(const struct test *test) {
  return (chosen_shape == SHAPES || chosen_shape == test->shape) &&
         (chosen_links == LINKS || chosen_links == test->links) && test->threads <= vcpus;
}

/* Rounds of a test: a shape's instances are shared by its tests. */
static u32 rounds_of(const struct test *test) {
  u32 sharing = 0;
  for (u32 other = 0; other < TESTS; other++) sharing += tests[other].shape == test->shape && takes_part(&tests[other]);
  return ((instances + sharing - 1) / sharing + batch - 1) / batch;
}

/* Looks before the first YIELD while a round is gathered for. */
#define SHORT_WAIT 1000u

static void reach(u32 id, u32 step) {
  dmb();
  store(&reached[id].steps, step);
}

/* Waits until the first `count` vCPUs have reached a step, and never sleeps by itself: a host that wakes a sleeper likes to
   put it on the core of its waker, where the two take turns and no reordering between them can ever be seen. YIELD is for
   more vCPUs than cores; the emulator knows whether there are. */
static void gather(u32 count, u32 step) {
  for (u32 other = 0; other < count; other++) {
    const volatile u32 *at = &reached[other].steps;
    for (u32 looks = 0; (int)(load(at) - step) < 0; looks++) {
      if (looks >= SHORT_WAIT) relax();
    }
  }
  dmb();
}

/* One vCPU's share of the instances. */
struct share {
  u32 from, to;
};
static struct share share_of(u32 number, u32 threads) {
  return (struct share){batch * number / threads, batch * (number + 1) / threads};
}

/* A location is cleared, and so held in the cache, by the vCPU that counts its instance, or with `turn` by another one. */
static void clear(u32 id, const struct test *test, u32 set, u32 turn) {
  for (u32 location = 0; location < MAX_LOCATIONS; location++) {
    struct share share = share_of((id + location * turn) % test->threads, test->threads);
    for (u32 i = share.from; i < share.to; i++) locations[set][location][i].value = 0;
  }
}

static u32 key_of(const struct test *test, u32 set, u32 instance) {
  u32 key = 0, shift = 0;
  for (u32 k = 0; k < test->sources; k++) {
    struct source source = test->source[k];
    u32 value = source.thread == FINAL ? locations[set][source.number][instance].value
                                       : results[source.thread][instance][source.number];
    value = source.bits == 2 ? value & 3 : (value & 3) | (value >> 8 & 3) << 2;
    key |= value << shift;
    shift += source.bits;
  }
  return key;
}

static void count(u32 id, const struct test *test, u32 set) {
  struct share share = share_of(id, test->threads);
  u32 *histogram = seen[id][test - tests];
  for (u32 i = share.from; i < share.to; i++) histogram[key_of(test, set, i)]++;
}

/* Numbers that all vCPUs compute alike. */
struct progress {
  u32 step, round;
  u32 threads; /* of the test before: it may still be counting */
};

static void run_round(u32 id, const struct test *test, u32 number, u32 set) {
  u32 dice = mix(mix(0x811c9dc5u, number), number >> 8);
  u32 role = (id + number) % test->threads;
  struct run run = {
    .results = results[role],
    .own = &reached[id].instances,
    .first = number * batch,
    .batch = batch,
    .stride = 1 + 2 * (dice >> 8 & 15),
    .patience = FIRST_MEETING * meeting,
    .delay = (1u << (dice >> 16 & 3)) - 1,
    .seed = mix(dice, id),
  };
  for (u32 k = 0; k < MAX_LOCATIONS; k++) run.location[k] = locations[set][test->uses[role][k]];
  for (u32 other = 0; other < test->threads; other++) {
    if (other != id) run.others[run.other_count++] = &reached[other].instances;
  }
  test->run[role](&run);
  reports[id].field[0] += run.met;
}

/* While a round is counted the other set, which was counted in the round before, is cleared for the next one. */
static void run_test(u32 id, const struct test *test, const struct progress *progress, u32 rounds) {
  u32 step = progress->step, others = progress->threads;
  if (others < test->threads) others = test->threads;
  for (u32 round = 0; round < rounds; round++) {
    u32 number = progress->round + round, set = number & 1;
    reach(id, ++step);
    gather(others, step);
    run_round(id, test, number, set);
    reach(id, ++step);
    others = test->threads;
    gather(others, step);
    count(id, test, set);
    clear(id, test, set ^ 1, number >> 1);
    if (id == 0) reports[0].ops += batch;
  }
}

static void body(u32 id) {
  struct progress progress = {0, 0, 0};
  for (const struct test *test = tests; test < tests + TESTS; test++) {
    if (!takes_part(test)) continue;
    u32 rounds = rounds_of(test);
    if (id < test->threads)
      run_test(id, test, &progress, rounds);
    else
      reach(id, progress.step + 1);
    progress.step += 2 * rounds;
    progress.round += rounds;
    progress.threads = test->threads;
  }
}

static u32 has(const u32 *keys, u32 key) {
  return keys[key >> 5] >> (key & 31) & 1;
}

static u32 total(const struct test *test, u32 key) {
  u32 sum = 0;
  for (u32 id = 0; id < test->threads; id++) sum += seen[id][test - tests][key];
  return sum;
}

static void print_outcome(const struct test *test, u32 key, u32 count) {
  print("@mttcg outcome name=%s regs=", test->name);
  u32 shift = 0;
  for (u32 k = 0; k < test->sources; k++) {
    u32 bits = test->source[k].bits, value = key >> shift & ((1u << bits) - 1);
    print(k ? ",%u" : "%u", bits == 2 ? value : (value & 3) | (value >> 2) << 8);
    shift += bits;
  }
  print(" count=%u weak=%u allowed=%u of=%s\n", count, !has(test->sequential, key), has(test->allowed, key),
        test->values);
}

void workload_main(void) {
  chosen_shape = param_choice("shape", SHAPE_CHOICES, SHAPES);
  chosen_links = param_choice("links", LINK_CHOICES, LINKS);
  instances = param_number("instances", 20000, 1, 1000000000);
  batch = param_number("batch", 1024, MAX_THREADS, MAX_BATCH);
  meeting = param_number("meeting", 20000, 1, 100000000);
  if (batch & (batch - 1)) fail("parameter batch=%u is not a power of two", batch);
  measure("litmus", (struct phases){.body = body});
  u32 weak = 0, forbidden = 0, ran = 0;
  for (const struct test *test = tests; test < tests + TESTS; test++) {
    for (u32 key = 0; key < KEYS; key++) {
      u32 count = total(test, key);
      ran += count;
      if (!has(test->sequential, key)) weak += count;
      if (!has(test->allowed, key)) forbidden += count;
    }
  }
  report_end(forbidden == 0 && ran == (u32)reports[0].ops, "skipped=%u weak=%u forbidden=%u", ran == 0 ? 1u : 0u, weak,
             forbidden);
  report_vcpus((const char *const[]){"met"}, 1);
  for (const struct test *test = tests; test < tests + TESTS; test++) {
    for (u32 key = 0; key < KEYS; key++) {
      u32 count = total(test, key);
      if (count) print_outcome(test, key, count);
    }
  }
}
