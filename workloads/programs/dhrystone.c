/*
 * Integer code in the classic synthetic mix (records behind pointers, 30-character strings copied and compared, procedure
 * calls with value and reference parameters, enumerations, one- and two-dimensional arrays, one division a run), one
 * instance a vCPU, each on pages of its own. The final value of every variable is checked.
 */
#include "../runtime/runtime.h"

/* The registry has the program twice. */
#ifdef __thumb__
#define NAME "dhrystone-thumb"
#else
#define NAME "dhrystone"
#endif

#define PROCEDURE static __attribute__((noinline, noclone, noipa))
#define TEXT_SIZE 32 /* 30 characters and their end, in whole words */

enum colour { RED, GREEN, BLUE, WHITE, BLACK };

struct record {
  struct record *link;
  enum colour colour, other;
  int amount;
  char text[TEXT_SIZE] ALIGNED(4);
};

/* What a single-threaded program would keep in globals. */
struct instance {
  struct record *current, *spare;
  int total;
  u32 flag;
  char first, second;
  int vector[50];
  int matrix[50][50];
  struct record records[2];
  /* The main loop's variables after the last run. */
  int x, y, z;
  enum colour colour;
  char text[2][TEXT_SIZE] ALIGNED(4);
} ALIGNED(PAGE);

static struct instance instances[MAX_VCPUS];

/* Texts start at word boundaries, so copy and compare go by words until one holds the end, as C libraries do. */
static inline u32 has_end(u32 word) {
  return (word - 0x01010101u) & ~word & 0x80808080u;
}

PROCEDURE void copy_text(char *to, const char *from) {
  u32 *d = (u32 *)to;
  const u32 *s = (const u32 *)from;
  while (!has_end(*s)) *d++ = *s++;
  to = (char *)d;
  from = (const char *)s;
  while ((*to++ = *from++)) {
  }
}

PROCEDURE int compare_text(const char *a, const char *b) {
  while (*(const u32 *)a == *(const u32 *)b && !has_end(*(const u32 *)a)) a += 4, b += 4;
  while (*a && *a == *b) a++, b++;
  return (int)(u8)*a - (int)(u8)*b;
}

static const char text_one[] ALIGNED(4) = "MIXED INTEGER RUN, TEXT NO ONE";
static const char text_two[] ALIGNED(4) = "MIXED INTEGER RUN, TEXT NO TWO";
static const char text_six[] ALIGNED(4) = "MIXED INTEGER RUN, TEXT NO SIX";
static const char text_record[] ALIGNED(4) = "MIXED INTEGER RUN, RECORD TEXT";

PROCEDURE void sum_plus_two(int a, int b, int *sum) {
  *sum = a + 2 + b;
}

PROCEDURE enum colour classify(struct instance *s, char a, char b) {
  char copy = a;
  if (copy != b) return RED;
  s->first = copy;
  return GREEN;
}

PROCEDURE u32 text_greater(struct instance *s, const char *a, const char *b) {
  int at = 2;
  char mark = 'A';
  while (at <= 2) {
    if (classify(s, a[at], b[at + 1]) == RED) {
      mark = 'Q';
      at++;
    }
  }
  if (mark >= 'V' && mark < 'Z') at = 7;
  if (mark == 'R') return 1;
  if (compare_text(a, b) > 0) {
    s->total = at + 7;
    return 1;
  }
  return 0;
}

PROCEDURE u32 is_blue(enum colour c) {
  return c == BLUE;
}

PROCEDURE void next_colour(struct instance *s, enum colour c, enum colour *result) {
  *result = is_blue(c) ? c : WHITE;
  switch (c) {
    case RED: *result = RED; break;
    case GREEN: *result = s->total > 100 ? RED : WHITE; break;
    case BLUE: *result = GREEN; break;
    case WHITE: break;
    case BLACK: *result = BLUE; break;
  }
}

PROCEDURE void fill_arrays(struct instance *s, int *vector, int (*matrix)[50], int at, int value) {
  int start = at + 5;
  vector[start] = value;
  vector[start + 1] = vector[start];
  vector[start + 30] = start;
  for (int i = start; i <= start + 1; i++) matrix[start][i] = start;
  matrix[start][start - 1]++;
  matrix[start + 20][start] = vector[start];
  s->total = 5;
}

PROCEDURE void follow_spare(struct instance *s, struct record **link) {
  if (s->current != NULL)
    *link = s->current->link;
  else
    s->total = 100;
  sum_plus_two(10, s->total, &s->current->amount);
}

PROCEDURE void update_record(struct instance *s, struct record *record) {
  struct record *next = record->link;
  *record->link = *s->current;
  record->amount = 5;
  next->amount = record->amount;
  next->link = record->link;
  follow_spare(s, &next->link);
  if (next->colour == RED) {
    next->amount = 6;
    next_colour(s, record->other, &next->other);
    next->link = s->current->link;
    sum_plus_two(next->amount, 10, &next->amount);
  } else {
    *record = *record->link;
  }
}

PROCEDURE void adjust(struct instance *s, int *value) {
  int local = *value + 10;
  for (;;) {
    if (s->first == 'A') {
      local--;
      *value = local - s->total;
      return;
    }
  }
}

PROCEDURE void mark_first(struct instance *s) {
  s->first = 'A';
  s->flag = 0;
}

PROCEDURE void mark_second(struct instance *s) {
  s->flag |= s->first == 'A';
  s->second = 'B';
}

PROCEDURE void run(struct instance *s, u32 runs) {
  int x = 0, y = 0, z = 0;
  enum colour colour = RED;
  for (u32 i = 1; i <= runs; i++) {
    mark_first(s);
    mark_second(s);
    x = 2;
    y = 3;
    copy_text(s->text[1], text_two);
    colour = GREEN;
    s->flag = !text_greater(s, s->text[0], s->text[1]);
    while (x < y) {
      z = 5 * x - y;
      sum_plus_two(x, y, &z);
      x++;
    }
    fill_arrays(s, s->vector, s->matrix, x, z);
    update_record(s, s->current);
    for (char c = 'A'; c <= s->second; c++) {
      if (colour == classify(s, c, 'C')) {
        next_colour(s, RED, &colour);
        copy_text(s->text[1], text_six);
        y = (int)i;
        s->total = (int)i;
      }
    }
    y *= x;
    x = y / z;
    y = 7 * (y - z) - x;
    adjust(s, &x);
  }
  s->x = x;
  s->y = y;
  s->z = z;
  s->colour = colour;
}

static void reset_instance(struct instance *s) {
  memset(s, 0, sizeof *s);
  s->current = &s->records[0];
  s->spare = &s->records[1];
  s->current->link = s->spare;
  s->current->colour = RED;
  s->current->other = BLUE;
  s->current->amount = 40;
  copy_text(s->current->text, text_record);
  copy_text(s->text[0], text_one);
  s->matrix[8][7] = 10;
}

/* The value every variable must have after any number of runs, and a sum over all of them. */
static u32 check(const struct instance *s, u32 runs, u32 *checksum) {
  const struct record *current = s->current, *spare = s->spare;
  const int found[] = {s->total,         (int)s->flag,         s->first,       s->second,       s->vector[8],
                       s->vector[9],     s->vector[38],        s->matrix[8][8], s->matrix[8][9], s->matrix[28][8],
                       current->colour,  current->other,       current->amount, spare->colour,   spare->other,
                       spare->amount,    s->x,                 s->y,            s->z,            s->colour,
                       s->matrix[8][7]};
  const int wanted[] = {5, 1, 'A', 'B', 7, 7, 8, 8, 8, 7, RED, BLUE, 17, RED, GREEN, 18, 5, 13, 7, GREEN,
                        (int)runs + 10};
  u32 good = current->link == spare && spare->link == spare;
  u32 sum = 2166136261u;
  for (u32 i = 0; i < COUNT_OF(wanted); i++) {
    good &= found[i] == wanted[i];
    sum = mix(sum, (u32)found[i]);
  }
  good &= text_equal(current->text, text_record) && text_equal(spare->text, current->text);
  good &= text_equal(s->text[0], text_one);
  good &= text_equal(s->text[1], text_two);
  for (u32 i = 0; i < 50; i++) {
    for (u32 k = 0; k < 50; k++) sum = mix(sum, (u32)s->matrix[i][k]);
  }
  *checksum = sum;
  return good;
}

static void reset(void) {
  for (u32 id = 0; id < vcpus; id++) reset_instance(&instances[id]);
}

static void work(u32 id, u32 count) {
  run(&instances[id], count);
  reports[id].ops += count;
}

void workload_main(void) {
  u32 iterations = measure_timed(NAME, (struct timed){.unit = "iterations", .standard = 2000000, .most = 2000000000,
                                                      .reset = reset, .work = work});
  u32 wrong = 0;
  for (u32 id = 0; id < vcpus; id++) {
    u32 sum;
    if (!check(&instances[id], iterations, &sum)) wrong++;
    reports[id].field[0] = sum;
  }
  report_end(wrong == 0, "wrong_instances=%u", wrong);
  static const char *const names[] = {"checksum"};
  report_vcpus(names, 1);
}
