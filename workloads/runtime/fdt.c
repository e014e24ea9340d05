/* A walk over the flattened device tree that keeps the few properties the runtime needs. */
#include "fdt.h"

#define RAM_START 0x40000000u
#define MAGIC 0xd00dfeedu
enum { BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, NOTHING = 4 };

static u32 big(const u32 *p) {
  return __builtin_bswap32(*p);
}

const u32 *fdt_find(u32 hint) {
  if (hint >= RAM_START && (hint & 3) == 0 && big((const u32 *)hint) == MAGIC) return (const u32 *)hint;
  if (big((const u32 *)RAM_START) == MAGIC) return (const u32 *)RAM_START;
  return NULL;
}

static u32 starts_with(const char *text, const char *start) {
  while (*start) {
    if (*text++ != *start++) return 0;
  }
  return 1;
}

static void read_property(struct board *board, const char *const *path, u32 depth, const char *name, const u32 *value,
                          u32 bytes) {
  if (depth == 1 && text_equal(path[0], "chosen") && text_equal(name, "bootargs")) {
    u32 kept = bytes < sizeof board->arguments ? bytes : sizeof board->arguments - 1;
    memcpy(board->arguments, value, kept);
    board->arguments[kept] = 0;
  } else if (depth == 2 && text_equal(path[0], "cpus") && starts_with(path[1], "cpu@") && text_equal(name, "reg")) {
    /* One or two cells: the affinity is in the last. */
    if (board->cpus < MAX_VCPUS) board->affinity[board->cpus] = big(value + bytes / 4 - 1);
    board->cpus++;
  } else if (depth == 1 && starts_with(path[0], "memory") && text_equal(name, "reg")) {
    /* Addresses and sizes have two cells on this board, one on boards without LPAE. */
    u32 cells = bytes / 8;
    board->memory_start = big(value + cells - 1);
    board->memory_bytes = big(value + 2 * cells - 1);
    if (cells == 2 && big(value + 2) != 0) board->memory_bytes = 0x80000000u;
  }
}

void fdt_read(const u32 *tree, struct board *board) {
  const u32 *at = tree + big(tree + 2) / 4;
  const char *names = (const char *)tree + big(tree + 3);
  const char *path[8];
  u32 depth = 0; /* open nodes below the root; the root itself is level 0 */
  u32 open = 0;
  for (;;) {
    switch (big(at++)) {
      case BEGIN_NODE: {
        const char *name = (const char *)at;
        u32 length = 0;
        while (name[length]) length++;
        at += length / 4 + 1;
        if (open++ > 0 && depth < COUNT_OF(path)) path[depth] = name;
        depth = open - 1;
        break;
      }
      case END_NODE:
        open--;
        depth = open ? open - 1 : 0;
        break;
      case PROPERTY: {
        u32 bytes = big(at), name = big(at + 1);
        if (depth > 0 && depth <= COUNT_OF(path)) read_property(board, path, depth, names + name, at + 2, bytes);
        at += 2 + (bytes + 3) / 4;
        break;
      }
      case NOTHING: break;
      default: return; /* the end, or not a tree */
    }
  }
}
