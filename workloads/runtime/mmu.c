/* Short-descriptor tables: sections for RAM and devices, 4 KiB pages in a window for programs that remap. */
#include "atomic.h"
#include "cp15.h"
#include "internal.h"

#define MEBIBYTE 0x100000u
#define FULL_ACCESS (3u << 10)
#define SECTION 2u
/* Normal, write-back write-allocate, shareable. */
#define SECTION_MEMORY (SECTION | FULL_ACCESS | 1u << 12 | 1u << 3 | 1u << 2 | 1u << 16)
/* Shareable device, never executed. */
#define SECTION_DEVICE (SECTION | FULL_ACCESS | 1u << 2 | 1u << 4)
#define TABLE 1u
#define PAGE_MEMORY (2u | 3u << 4 | 1u << 6 | 1u << 3 | 1u << 2 | 1u << 10)

void mmu_start(u32 memory_start, u32 memory_bytes) {
  for (u32 address = GICD_BASE; address < 0x0a100000u; address += MEBIBYTE)
    translation_table[address >> 20] = address | SECTION_DEVICE;
  for (u32 offset = 0; offset < memory_bytes; offset += MEBIBYTE)
    translation_table[(memory_start + offset) >> 20] = (memory_start + offset) | SECTION_MEMORY;
  mmu_enable(translation_table);
}

static u32 *page_entry(u32 address) {
  u32 *section = &translation_table[address >> 20];
  if ((*section & 3) != TABLE) {
    u32 *pages = allocate(1024, 1024);
    memset(pages, 0, 1024);
    dmb();
    *section = (u32)pages | TABLE;
  }
  return (u32 *)(*section & ~0x3ffu) + ((address >> 12) & 0xff);
}

void mmu_map_page(u32 virtual_address, u32 physical_address) {
  *(volatile u32 *)page_entry(virtual_address) = physical_address | PAGE_MEMORY;
  dsb();
  isb();
}

/* The caller flushes the TLBs after it. */
void mmu_unmap_page(u32 virtual_address) {
  *(volatile u32 *)page_entry(virtual_address) = 0;
  dsb();
}
