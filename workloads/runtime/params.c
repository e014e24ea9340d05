/* `key=value` parameters from the boot arguments. */
#include "internal.h"

#define MAX_WORDS 32

static struct {
  const char *key, *value;
  u32 used;
} words[MAX_WORDS];
static u32 word_count;

/* What was read, in order, for the begin line. */
static struct {
  const char *key, *word;
  u32 number;
} read_params[MAX_WORDS];
static u32 read_count;

void params_start(char *arguments) {
  char *at = arguments;
  for (;;) {
    while (*at == ' ' || *at == '\n') at++;
    if (!*at) return;
    char *key = at;
    while (*at && *at != ' ' && *at != '\n') at++;
    if (*at) *at++ = 0;
    char *value = key;
    while (*value && *value != '=') value++;
    if (!*value) fail("parameter %s has no value; write key=value", key);
    *value++ = 0;
    if (word_count == MAX_WORDS) fail("more than %u parameters", (u32)MAX_WORDS);
    words[word_count].key = key;
    words[word_count++].value = value;
  }
}

static const char *find(const char *key) {
  const char *value = NULL;
  for (u32 i = 0; i < word_count; i++) {
    if (text_equal(words[i].key, key)) {
      value = words[i].value;
      words[i].used = 1;
    }
  }
  return value;
}

static void remember(const char *key, const char *word, u32 number) {
  if (read_count == MAX_WORDS) fail("the workload reads more than %u parameters", (u32)MAX_WORDS);
  read_params[read_count].key = key;
  read_params[read_count].word = word;
  read_params[read_count++].number = number;
}

u32 param_number(const char *key, u32 standard, u32 least, u32 most) {
  const char *text = find(key);
  u32 number = standard;
  if (text != NULL) {
    u64 sum = 0;
    const char *at = text;
    while (*at >= '0' && *at <= '9' && sum <= 0xffffffffu) sum = sum * 10 + (u32)(*at++ - '0');
    if (*at || at == text) fail("parameter %s=%s is not a decimal number", key, text);
    if (sum < least || sum > most) fail("parameter %s=%s is not between %u and %u", key, text, least, most);
    number = (u32)sum;
  }
  remember(key, NULL, number);
  return number;
}

void param_set(const char *key, u32 number) {
  for (u32 i = 0; i < read_count; i++) {
    if (text_equal(read_params[i].key, key)) read_params[i].number = number;
  }
}

/* The next word of "a|b|c" at *choices, copied to `word`. */
static u32 next_choice(const char **choices, char *word, u32 room) {
  u32 length = 0;
  if (!**choices) return 0;
  while (**choices && **choices != '|') {
    if (length + 1 < room) word[length++] = **choices;
    (*choices)++;
  }
  if (**choices) (*choices)++;
  word[length] = 0;
  return 1;
}

u32 param_choice(const char *key, const char *choices, u32 standard) {
  static char names[8][32];
  static u32 names_used;
  const char *text = find(key);
  const char *at = choices;
  char *word = names[names_used++ & 7];
  for (u32 index = 0; next_choice(&at, word, sizeof names[0]); index++) {
    if (text == NULL ? index == standard : text_equal(word, text)) {
      remember(key, word, 0);
      return index;
    }
  }
  fail("parameter %s=%s is not one of %s", key, text == NULL ? "" : text, choices);
}

void params_print(void) {
  for (u32 i = 0; i < read_count; i++) {
    if (read_params[i].word != NULL)
      print(" %s=%s", read_params[i].key, read_params[i].word);
    else if (!text_equal(read_params[i].key, "vcpus"))
      print(" %s=%u", read_params[i].key, read_params[i].number);
  }
}

void params_check_all_read(void) {
  for (u32 i = 0; i < word_count; i++) {
    if (!words[i].used) fail("this workload has no parameter %s", words[i].key);
  }
}
