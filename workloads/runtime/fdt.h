/* What the runtime takes from the flattened device tree. */
#ifndef FDT_H
#define FDT_H
#include "runtime.h"

struct board {
  char arguments[1024]; /* /chosen/bootargs */
  u32 cpus;             /* nodes /cpus/cpu@N; at most MAX_VCPUS are kept */
  u32 affinity[MAX_VCPUS];
  u32 memory_start, memory_bytes;
};
/* The tree at `hint` when there is one, else at the start of RAM, where QEMU puts it for an ELF kernel. */
const u32 *fdt_find(u32 hint);
void fdt_read(const u32 *tree, struct board *board);

#endif
