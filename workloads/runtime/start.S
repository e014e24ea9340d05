@ Entry of the boot vCPU and of secondary vCPUs, exception vectors, MMU switch, PSCI calls.
@ ARM code; the types let Thumb code call it.
    .syntax unified
    .arch armv7-a
    .arch_extension virt
    .arm

    .equ MODE_IRQ, 0x12
    .equ MODE_SVC, 0x13
    .equ MODE_ABT, 0x17
    .equ MODE_UND, 0x1b
    .equ MASKED,   0xc0                 @ IRQ and FIQ off
    .equ STACK_SHIFT, 14                @ 16 KiB a vCPU: three small exception stacks, the rest for SVC
    .equ EXCEPTION_STACK, 1024

    .section .text.start, "ax"
    .global _start
    .type   _start, %function
_start:
    cpsid   if
    mov     r4, r2                      @ the device tree, where the loader passes it
    ldr     r0, =__bss_start
    ldr     r1, =__bss_end
    mov     r2, #0
1:  cmp     r0, r1
    strlo   r2, [r0], #4
    blo     1b
    ldr     sp, =vcpu_stacks + (1 << STACK_SHIFT)
    mov     r0, r4
    bl      before_vectors
    mov     r0, #0
    bl      prepare_vcpu
    mov     r0, r4
    bl      runtime_main
    b       .

    .weak   before_vectors
    .type   before_vectors, %function
before_vectors:
    bx      lr

@ PSCI CPU_ON brings a secondary here with its number in r0 and the MMU off.
    .global secondary_entry
    .type   secondary_entry, %function
secondary_entry:
    cpsid   if
    mov     r4, r0
    bl      prepare_vcpu
    ldr     r0, =translation_table
    bl      mmu_enable
    mov     r0, r4
    bl      secondary_main
    b       .

@ r0: vCPU number. Sets VBAR, the vCPU number register and every mode's stack; uses r0-r2.
prepare_vcpu:
    ldr     r1, =vectors
    mcr     p15, 0, r1, c12, c0, 0      @ VBAR
    mcr     p15, 0, r0, c13, c0, 4      @ TPIDRPRW = vCPU number
    ldr     r1, =vcpu_stacks
    add     r1, r1, r0, lsl #STACK_SHIFT
    mov     r2, lr
    add     r1, r1, #EXCEPTION_STACK
    msr     cpsr_c, #(MODE_IRQ | MASKED)
    mov     sp, r1
    add     r1, r1, #EXCEPTION_STACK
    msr     cpsr_c, #(MODE_ABT | MASKED)
    mov     sp, r1
    add     r1, r1, #EXCEPTION_STACK
    msr     cpsr_c, #(MODE_UND | MASKED)
    mov     sp, r1
    msr     cpsr_c, #(MODE_SVC | MASKED)
    ldr     r1, =vcpu_stacks + (1 << STACK_SHIFT)
    add     sp, r1, r0, lsl #STACK_SHIFT
    isb
    bx      r2

@ void mmu_enable(u32 *translation_table): flat map, caches, branch prediction and SWP on.
    .global mmu_enable
    .type   mmu_enable, %function
mmu_enable:
    mov     r1, #0
    mcr     p15, 0, r1, c8, c7, 0       @ TLBIALL
    mcr     p15, 0, r1, c7, c5, 0       @ ICIALLU
    mcr     p15, 0, r1, c7, c5, 6       @ BPIALL
    mcr     p15, 0, r1, c2, c0, 2       @ TTBCR = 0: TTBR0 for all
    orr     r0, r0, #0x4a               @ walks are write-back, write-allocate, shareable
    mcr     p15, 0, r0, c2, c0, 0       @ TTBR0
    mov     r1, #1
    mcr     p15, 0, r1, c3, c0, 0       @ DACR: domain 0 is a client
    dsb
    isb
    mrc     p15, 0, r1, c1, c0, 0       @ SCTLR
    bic     r1, r1, #(1 << 28)          @ TRE off: plain TEX, C, B
    bic     r1, r1, #(1 << 29)          @ AFE off
    bic     r1, r1, #(1 << 13)          @ V off: vectors at VBAR
    bic     r1, r1, #(1 << 1)           @ A off: only exclusives and LDRD/LDM check alignment
    orr     r1, r1, #(1 << 12)          @ I
    orr     r1, r1, #(1 << 11)          @ Z
    orr     r1, r1, #(1 << 10)          @ SW: SWP and SWPB
    orr     r1, r1, #(1 << 2)           @ C
    orr     r1, r1, #(1 << 0)           @ M
    mcr     p15, 0, r1, c1, c0, 0
    isb
    bx      lr

@ u32 psci(u32 function, u32 a, u32 b, u32 c)
    .global psci
    .type   psci, %function
psci:
    hvc     #0
    bx      lr

@ ---- exceptions ----

    .balign 32
vectors:
    b       vector_reset
    b       vector_undefined
    b       vector_svc
    b       vector_prefetch_abort
    b       vector_data_abort
    b       vector_reset
    b       vector_irq
    b       vector_fiq

@ Builds a struct exception_frame on the mode's own stack, calls C, returns through the frame.
    .macro  exception type, adjust, handler
    .if     \adjust
    sub     lr, lr, #\adjust
    .endif
    push    {r0-r3, r12, lr}
    mrs     r2, spsr
    mov     r3, #0
    push    {r2, r3}
    mov     r0, #\type
    mov     r1, sp
    bl      \handler
    pop     {r2, r3}
    msr     spsr_cxsf, r2
    ldm     sp!, {r0-r3, r12, pc}^
    .endm

vector_reset:           exception 0, 0, exception_taken
vector_undefined:       exception 1, 4, exception_taken
vector_prefetch_abort:  exception 3, 4, exception_taken
vector_data_abort:      exception 4, 8, exception_taken
vector_irq:             exception 6, 4, interrupt_taken
vector_fiq:             exception 7, 4, exception_taken

@ The supervisor calls of the workloads; r12 names the service. They use r1-r3 at most.
vector_svc:
    cmp     r12, #3
    addls   pc, pc, r12, lsl #3
    b       svc_unknown
    add     r0, r0, #1                  @ 0: a round trip
    movs    pc, lr
    clrex                               @ 1: a kernel that clears the monitor by CLREX
    movs    pc, lr
    b       svc_dummy_strex             @ 2: a kernel that clears it by a dummy STREX
    nop
    movs    pc, lr                      @ 3: nothing at all
svc_dummy_strex:
    sub     r1, sp, #8
    strex   r2, r3, [r1]
    movs    pc, lr
svc_unknown:
    exception 2, 4, exception_taken

    .bss
    .balign 16384
    .global translation_table
translation_table:
    .space  16384
    .balign 64
vcpu_stacks:
    .space  8 << STACK_SHIFT
