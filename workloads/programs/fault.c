/* Guests that are broken on purpose, for the harness's bad-input tests. None of them reaches the done line. */
#include "../runtime/atomic.h"
#include "../runtime/fdt.h"
#include "../runtime/internal.h"

#define NOWHERE 0x30000000u /* neither device nor RAM, and not mapped */

enum { UNDEF, UNMAPPED, NOVECTORS, JUMP_NOWHERE, HANG, SLEEP, UDF_BEFORE_VECTORS, KINDS };

static u32 ends_with_kind(const char *text, const char *kind) {
  for (; *text; text++) {
    u32 i = 0;
    while (kind[i] && text[i] == kind[i]) i++;
    if (!kind[i]) return 1;
  }
  return 0;
}

/* Runs before the vectors are set, so the parameters are not read yet. */
void before_vectors(u32 tree_hint) {
  static struct board board;
  const u32 *tree = fdt_find(tree_hint);
  if (tree == NULL) return;
  fdt_read(tree, &board);
  if (ends_with_kind(board.arguments, "kind=udf-before-vectors")) asm volatile("udf #0");
}

static void body(u32 id) {
  (void)id;
}

void workload_main(void) {
  u32 kind = param_choice("kind", "undef|unmapped|novectors|jump-nowhere|hang|sleep|udf-before-vectors", UNDEF);
  measure("fault", (struct phases){.body = body});
  switch (kind) {
    case UNDEF: asm volatile("udf #0"); break;
    case UNMAPPED: *(volatile u32 *)NOWHERE; break;
    case NOVECTORS:
      asm volatile("mcr p15, 0, %0, c12, c0, 0\n isb\n udf #0" ::"r"(NOWHERE));
      break;
    case JUMP_NOWHERE: ((void (*)(void))NOWHERE)(); break;
    case HANG:
      for (;;) asm volatile("");
    case SLEEP:
      for (;;) wfi();
    default: break;
  }
  report_end(0, "survived=1");
}
