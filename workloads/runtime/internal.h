/* Between the parts of the runtime, start.S included; programs use runtime.h. */
#ifndef INTERNAL_H
#define INTERNAL_H
#include "runtime.h"

void console_start(void);

void params_start(char *arguments);
void params_print(void);
void params_check_all_read(void);

/* Clears the reports and prints the begin line, on vCPU 0 while the others wait. */
void begin_measured(const char *workload);
/* Of a timed workload, nothing for another one: fields of the end line, the warm-up's lines, a field of a vCPU's line. */
void report_settling(void);
void report_warm_up(void);
void report_cut(u32 id);

extern u32 translation_table[4096];
void mmu_enable(u32 *table);
void mmu_start(u32 memory_start, u32 memory_bytes);

/* Called by start.S. */
void runtime_main(u32 tree_hint);
void secondary_entry(void);
void secondary_main(u32 id);
void exception_taken(u32 type, struct exception_frame *frame);
void interrupt_taken(u32 type, struct exception_frame *frame);
/* Runs before the vectors are set; does nothing unless a program defines it. */
void before_vectors(u32 tree_hint);

#endif
