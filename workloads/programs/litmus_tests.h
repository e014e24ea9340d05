/* Made by `deno task litmus` from workloads/litmus/shapes.ts: do not edit. */

#define SHAPES 36u
#define SHAPE_CHOICES "SB|MP|LB|S|R|2+2W|CoRR|CoWW|CoRW|CoWR|WRC|RWC|WWC|WRW+2W|ISA2|3.SB|3.LB|3.2W|Z6.0|Z6.1|Z6.2|Z6.3|Z6.4|Z6.5|IRIW|PPO|MP.rr|SB.ex|MP.ex|LB.ex|2U|CoUW|SB.byte|MP.byte|MP.half|CoRR.byte|all"
#define LINKS 39u
#define LINK_CHOICES "po|dmb+po|dmbs|dmb.sts|po+addr|dmb+ctrl|dmb+ctrlisb|dmb+addr|dmb.st+po|dmb.st+addr|dmb.st+ctrlisb|dmb.st+dmb|datas|addrs|ctrls|data+dmb|dmb+data|dmb.st+data|po+dmb|addr|dmb|data|data+addr|addr+dmb|dmb+addr+addr|dmb+data+addr|dmb+ctrl+addr|dmb+dmb+po|dmb+data+dmb|dmb+addr+dmb|dmb+dmb+data|dmb+data+data|dmb+dmb+addr|dmb.st+dmb.st+addr|ctrlisbs|dmb+ctrl-po-addr|dmb+addr-po-addr|dmb+data-po-addr|dmb+ctrlisb-po-addr|all"
#define TESTS 139u

static void thread_0(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "str %[v1], [%[a]]\n"
        "ldr %[r0], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_1(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ish\n"
        "ldr %[r0], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_2(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ishst\n"
        "ldr %[r0], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_3(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "str %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
  }
}
static void thread_4(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "ldr %[r1], [%[b]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a), [b] "r"(b)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_5(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "ldr %[r1], [%[b], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_6(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ish\n"
        "str %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
  }
}
static void thread_7(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "cmp %[r0], #1\n"
        "bne 1f\n"
        "1:\n"
        "ldr %[r1], [%[b]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a), [b] "r"(b)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_8(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "cmp %[r0], #1\n"
        "bne 1f\n"
        "1: isb\n"
        "ldr %[r1], [%[b]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a), [b] "r"(b)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_9(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "ldr %[r1], [%[b]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a), [b] "r"(b)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_10(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ishst\n"
        "str %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
  }
}
static void thread_11(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "str %[v1], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_12(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "str %[v1], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_13(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "add %[t], %[t], %[v1]\n"
        "str %[t], [%[b]]\n"
        : [r0] "=&r"(r0), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_14(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "str %[v1], [%[b], %[t]]\n"
        : [r0] "=&r"(r0), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_15(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "cmp %[r0], #1\n"
        "bne 1f\n"
        "1:\n"
        "str %[v1], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_16(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v2], [%[a]]\n"
        "str %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_17(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v2], [%[a]]\n"
        "dmb ish\n"
        "str %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_18(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v2], [%[a]]\n"
        "dmb ishst\n"
        "str %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_19(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "str %[v2], [%[a]]\n"
        "ldr %[r0], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v2] "r"(2)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_20(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "str %[v2], [%[a]]\n"
        "dmb ish\n"
        "ldr %[r0], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v2] "r"(2)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_21(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "str %[v2], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_22(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ish\n"
        "str %[v2], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_23(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ishst\n"
        "str %[v2], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_24(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    asm volatile(
        "str %[v1], [%[a]]\n"
        : 
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
  }
}
static void thread_25(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "ldr %[r1], [%[a]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_26(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "ldr %[r1], [%[a], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [t] "=&r"(t)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_27(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "ldr %[r1], [%[a]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_28(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "str %[v2], [%[a]]\n"
        : 
        : [a] "r"(a), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_29(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ishst\n"
        "str %[v2], [%[a]]\n"
        : 
        : [a] "r"(a), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_30(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ish\n"
        "str %[v2], [%[a]]\n"
        : 
        : [a] "r"(a), [v1] "r"(1), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_31(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "str %[v1], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_32(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    asm volatile(
        "str %[v2], [%[a]]\n"
        : 
        : [a] "r"(a), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_33(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "add %[t], %[t], %[v1]\n"
        "str %[t], [%[a]]\n"
        : [r0] "=&r"(r0), [t] "=&r"(t)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_34(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "str %[v1], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_35(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "str %[v1], [%[a]]\n"
        "ldr %[r0], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_36(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ish\n"
        "ldr %[r0], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_37(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v2], [%[a]]\n"
        "str %[v2], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_38(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "str %[v2], [%[a]]\n"
        "dmb ish\n"
        "str %[v2], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v2] "r"(2)
        : "memory", "cc");
  }
}
static void thread_39(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "str %[v2], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v2] "r"(2)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_40(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "add %[t], %[t], %[v2]\n"
        "str %[t], [%[b]]\n"
        : [r0] "=&r"(r0), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [v2] "r"(2)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_41(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "str %[v2], [%[b]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [b] "r"(b), [v2] "r"(2)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_42(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "str %[v1], [%[b]]\n"
        "ldr %[r1], [%[b]]\n"
        "ldr %[r2], [%[c]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
  }
}
static void thread_43(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "cmp %[r0], #1\n"
        "bne 1f\n"
        "1:\n"
        "str %[v1], [%[b]]\n"
        "ldr %[r1], [%[b]]\n"
        "eor %[t], %[r1], %[r1]\n"
        "ldr %[r2], [%[c], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
  }
}
static void thread_44(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "str %[v1], [%[b], %[t]]\n"
        "ldr %[r1], [%[b]]\n"
        "eor %[t], %[r1], %[r1]\n"
        "ldr %[r2], [%[c], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
  }
}
static void thread_45(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "add %[t], %[t], %[v1]\n"
        "str %[t], [%[b]]\n"
        "ldr %[r1], [%[b]]\n"
        "eor %[t], %[r1], %[r1]\n"
        "ldr %[r2], [%[c], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
  }
}
static void thread_46(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "cmp %[r0], #1\n"
        "bne 1f\n"
        "1: isb\n"
        "str %[v1], [%[b]]\n"
        "ldr %[r1], [%[b]]\n"
        "eor %[t], %[r1], %[r1]\n"
        "ldr %[r2], [%[c], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
  }
}
static void thread_47(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "str %[v1], [%[b]]\n"
        "dmb ish\n"
        "ldr %[r1], [%[b]]\n"
        "dmb ish\n"
        "ldr %[r2], [%[c]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
  }
}
static void thread_48(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2, r3, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "ldr %[r1], [%[b], %[t]]\n"
        "ldr %[r2], [%[b]]\n"
        "eor %[t], %[r2], %[r2]\n"
        "ldr %[r3], [%[c], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
    RESULT(3) = r3;
  }
}
static void thread_49(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    volatile u32 *c = LOCATION(2);
    u32 r0, r1, r2, r3, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "cmp %[r0], #1\n"
        "bne 1f\n"
        "1:\n"
        "ldr %[r1], [%[b]]\n"
        "ldr %[r2], [%[b]]\n"
        "eor %[t], %[r2], %[r2]\n"
        "ldr %[r3], [%[c], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [t] "=&r"(t)
        : [a] "r"(a), [b] "r"(b), [c] "r"(c)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
    RESULT(2) = r2;
    RESULT(3) = r3;
  }
}
static void thread_50(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1, f;
    asm volatile(
        "2: ldrex %[r0], [%[a]]\n"
        "strex %[f], %[v1], [%[a]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        "ldr %[r1], [%[b]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_51(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1, f;
    asm volatile(
        "2: ldrex %[r0], [%[a]]\n"
        "strex %[f], %[v1], [%[a]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        "dmb ish\n"
        "ldr %[r1], [%[b]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_52(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, f;
    asm volatile(
        "str %[v1], [%[a]]\n"
        "2: ldrex %[r0], [%[b]]\n"
        "strex %[f], %[v1], [%[b]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_53(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, f;
    asm volatile(
        "str %[v1], [%[a]]\n"
        "dmb ish\n"
        "2: ldrex %[r0], [%[b]]\n"
        "strex %[f], %[v1], [%[b]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_54(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1, f;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "2: ldrex %[r1], [%[b]]\n"
        "strex %[f], %[v1], [%[b]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_55(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1, t, f;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "add %[t], %[t], %[v1]\n"
        "2: ldrex %[r1], [%[b]]\n"
        "strex %[f], %[t], [%[b]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [t] "=&r"(t), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_56(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1, f;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "cmp %[r0], #1\n"
        "bne 1f\n"
        "1:\n"
        "2: ldrex %[r1], [%[b]]\n"
        "strex %[f], %[v1], [%[b]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_57(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    u32 r0, r1, f;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "2: ldrex %[r1], [%[b]]\n"
        "strex %[f], %[v1], [%[b]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [f] "=&r"(f)
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_58(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, f;
    asm volatile(
        "2: ldrex %[r0], [%[a]]\n"
        "strex %[f], %[v1], [%[a]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [f] "=&r"(f)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_59(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, f;
    asm volatile(
        "2: ldrex %[r0], [%[a]]\n"
        "strex %[f], %[v2], [%[a]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        : [r0] "=&r"(r0), [f] "=&r"(f)
        : [a] "r"(a), [v2] "r"(2)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_60(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1, f;
    asm volatile(
        "2: ldrex %[r0], [%[a]]\n"
        "strex %[f], %[v1], [%[a]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        "ldr %[r1], [%[a]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [f] "=&r"(f)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_61(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1, f;
    asm volatile(
        "2: ldrex %[r0], [%[a]]\n"
        "strex %[f], %[v1], [%[a]]\n"
        "cmp %[f], #0\n"
        "bne 2b\n"
        "dmb ish\n"
        "ldr %[r1], [%[a]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [f] "=&r"(f)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_62(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "strb %[v1], [%[a]]\n"
        "ldr %[r0], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_63(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "strb %[v1], [%[a], #1]\n"
        "ldr %[r0], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_64(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "strb %[v1], [%[a]]\n"
        "dmb ish\n"
        "ldr %[r0], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_65(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0;
    asm volatile(
        "strb %[v1], [%[a], #1]\n"
        "dmb ish\n"
        "ldr %[r0], [%[a]]\n"
        : [r0] "=&r"(r0)
        : [a] "r"(a), [v1] "r"(1)
        : "memory", "cc");
    RESULT(0) = r0;
  }
}
static void thread_66(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "strb %[v1], [%[a]]\n"
        "strb %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
  }
}
static void thread_67(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "strb %[v1], [%[a]]\n"
        "dmb ish\n"
        "strb %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
  }
}
static void thread_68(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    volatile u32 *b = LOCATION(1);
    asm volatile(
        "strb %[v1], [%[a]]\n"
        "dmb ishst\n"
        "strb %[v1], [%[b]]\n"
        : 
        : [a] "r"(a), [b] "r"(b), [v1] "r"(1)
        : "memory", "cc");
  }
}
static void thread_69(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    asm volatile(
        "str %[v257], [%[a]]\n"
        : 
        : [a] "r"(a), [v257] "r"(257)
        : "memory", "cc");
  }
}
static void thread_70(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1;
    asm volatile(
        "ldrb %[r0], [%[a]]\n"
        "ldrb %[r1], [%[a], #1]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_71(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1, t;
    asm volatile(
        "ldrb %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "add %[t], %[t], #1\n"
        "ldrb %[r1], [%[a], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [t] "=&r"(t)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_72(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1;
    asm volatile(
        "ldrb %[r0], [%[a]]\n"
        "dmb ish\n"
        "ldrb %[r1], [%[a], #1]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_73(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "ldrb %[r1], [%[a], #1]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_74(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1, t;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "eor %[t], %[r0], %[r0]\n"
        "add %[t], %[t], #1\n"
        "ldrb %[r1], [%[a], %[t]]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [t] "=&r"(t)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}
static void thread_75(struct run *run) {
  WALK(run) {
    volatile u32 *a = LOCATION(0);
    u32 r0, r1;
    asm volatile(
        "ldr %[r0], [%[a]]\n"
        "dmb ish\n"
        "ldrb %[r1], [%[a], #1]\n"
        : [r0] "=&r"(r0), [r1] "=&r"(r1)
        : [a] "r"(a)
        : "memory", "cc");
    RESULT(0) = r0;
    RESULT(1) = r1;
  }
}

/* Outcomes that need no reordering, then those that ARMv7 allows, as sets of keys. */
static const struct test tests[TESTS] = {
  {0, 0, "SB", "0:y,1:x",
   2, {thread_0, thread_0}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x32},
   {0x33}},
  {0, 1, "SB+dmb+po", "0:y,1:x",
   2, {thread_1, thread_0}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x32},
   {0x33}},
  {0, 2, "SB+dmbs", "0:y,1:x",
   2, {thread_1, thread_1}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x32},
   {0x32}},
  {0, 3, "SB+dmb.sts", "0:y,1:x",
   2, {thread_2, thread_2}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x32},
   {0x33}},
  {1, 0, "MP", "1:y,1:x",
   2, {thread_3, thread_4}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x33}},
  {1, 4, "MP+po+addr", "1:y,1:x",
   2, {thread_3, thread_5}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x33}},
  {1, 1, "MP+dmb+po", "1:y,1:x",
   2, {thread_6, thread_4}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x33}},
  {1, 5, "MP+dmb+ctrl", "1:y,1:x",
   2, {thread_6, thread_7}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x33}},
  {1, 6, "MP+dmb+ctrlisb", "1:y,1:x",
   2, {thread_6, thread_8}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {1, 7, "MP+dmb+addr", "1:y,1:x",
   2, {thread_6, thread_5}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {1, 2, "MP+dmbs", "1:y,1:x",
   2, {thread_6, thread_9}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {1, 8, "MP+dmb.st+po", "1:y,1:x",
   2, {thread_10, thread_4}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x33}},
  {1, 9, "MP+dmb.st+addr", "1:y,1:x",
   2, {thread_10, thread_5}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {1, 10, "MP+dmb.st+ctrlisb", "1:y,1:x",
   2, {thread_10, thread_8}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {1, 11, "MP+dmb.st+dmb", "1:y,1:x",
   2, {thread_10, thread_9}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {2, 0, "LB", "0:x,1:y",
   2, {thread_11, thread_11}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x13},
   {0x33}},
  {2, 1, "LB+dmb+po", "0:x,1:y",
   2, {thread_12, thread_11}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x13},
   {0x33}},
  {2, 12, "LB+datas", "0:x,1:y",
   2, {thread_13, thread_13}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x13},
   {0x13}},
  {2, 13, "LB+addrs", "0:x,1:y",
   2, {thread_14, thread_14}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x13},
   {0x13}},
  {2, 14, "LB+ctrls", "0:x,1:y",
   2, {thread_15, thread_15}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x13},
   {0x13}},
  {2, 15, "LB+data+dmb", "0:x,1:y",
   2, {thread_13, thread_12}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x13},
   {0x13}},
  {2, 2, "LB+dmbs", "0:x,1:y",
   2, {thread_12, thread_12}, {{0, 1}, {1, 0}},
   2, {{0, 0, 2}, {1, 0, 2}},
   {0x13},
   {0x13}},
  {3, 0, "S", "1:y,x",
   2, {thread_16, thread_11}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x330}},
  {3, 1, "S+dmb+po", "1:y,x",
   2, {thread_17, thread_11}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x330}},
  {3, 5, "S+dmb+ctrl", "1:y,x",
   2, {thread_17, thread_15}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x130}},
  {3, 16, "S+dmb+data", "1:y,x",
   2, {thread_17, thread_13}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x130}},
  {3, 7, "S+dmb+addr", "1:y,x",
   2, {thread_17, thread_14}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x130}},
  {3, 2, "S+dmbs", "1:y,x",
   2, {thread_17, thread_12}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x130}},
  {3, 17, "S+dmb.st+data", "1:y,x",
   2, {thread_18, thread_13}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x130}},
  {3, 11, "S+dmb.st+dmb", "1:y,x",
   2, {thread_18, thread_12}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 0, 2}},
   {0x130},
   {0x130}},
  {4, 0, "R", "1:x,y",
   2, {thread_3, thread_19}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 1, 2}},
   {0x230},
   {0x330}},
  {4, 1, "R+dmb+po", "1:x,y",
   2, {thread_6, thread_19}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 1, 2}},
   {0x230},
   {0x330}},
  {4, 18, "R+po+dmb", "1:x,y",
   2, {thread_3, thread_20}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 1, 2}},
   {0x230},
   {0x330}},
  {4, 2, "R+dmbs", "1:x,y",
   2, {thread_6, thread_20}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 1, 2}},
   {0x230},
   {0x230}},
  {4, 11, "R+dmb.st+dmb", "1:x,y",
   2, {thread_10, thread_20}, {{0, 1}, {1, 0}},
   2, {{1, 0, 2}, {FINAL, 1, 2}},
   {0x230},
   {0x230}},
  {5, 0, "2+2W", "x,y",
   2, {thread_21, thread_21}, {{0, 1}, {1, 0}},
   2, {{FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x640},
   {0x660}},
  {5, 1, "2+2W+dmb+po", "x,y",
   2, {thread_22, thread_21}, {{0, 1}, {1, 0}},
   2, {{FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x640},
   {0x660}},
  {5, 2, "2+2W+dmbs", "x,y",
   2, {thread_22, thread_22}, {{0, 1}, {1, 0}},
   2, {{FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x640},
   {0x640}},
  {5, 3, "2+2W+dmb.sts", "x,y",
   2, {thread_23, thread_23}, {{0, 1}, {1, 0}},
   2, {{FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x640},
   {0x640}},
  {6, 0, "CoRR", "1:x,1:x.2",
   2, {thread_24, thread_25}, {{0}, {0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {6, 19, "CoRR+addr", "1:x,1:x.2",
   2, {thread_24, thread_26}, {{0}, {0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {6, 20, "CoRR+dmb", "1:x,1:x.2",
   2, {thread_24, thread_27}, {{0}, {0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {7, 0, "CoWW", "1:x,1:x.2,x",
   2, {thread_28, thread_25}, {{0}, {0}},
   3, {{1, 0, 2}, {1, 1, 2}, {FINAL, 0, 2}},
   {0x0, 0x731},
   {0x0, 0x731}},
  {7, 9, "CoWW+dmb.st+addr", "1:x,1:x.2,x",
   2, {thread_29, thread_26}, {{0}, {0}},
   3, {{1, 0, 2}, {1, 1, 2}, {FINAL, 0, 2}},
   {0x0, 0x731},
   {0x0, 0x731}},
  {7, 2, "CoWW+dmbs", "1:x,1:x.2,x",
   2, {thread_30, thread_27}, {{0}, {0}},
   3, {{1, 0, 2}, {1, 1, 2}, {FINAL, 0, 2}},
   {0x0, 0x731},
   {0x0, 0x731}},
  {8, 0, "CoRW", "0:x,x",
   2, {thread_31, thread_32}, {{0}, {0}},
   2, {{0, 0, 2}, {FINAL, 0, 2}},
   {0x150},
   {0x150}},
  {8, 21, "CoRW+data", "0:x,x",
   2, {thread_33, thread_32}, {{0}, {0}},
   2, {{0, 0, 2}, {FINAL, 0, 2}},
   {0x150},
   {0x150}},
  {8, 20, "CoRW+dmb", "0:x,x",
   2, {thread_34, thread_32}, {{0}, {0}},
   2, {{0, 0, 2}, {FINAL, 0, 2}},
   {0x150},
   {0x150}},
  {9, 0, "CoWR", "0:x,x",
   2, {thread_35, thread_32}, {{0}, {0}},
   2, {{0, 0, 2}, {FINAL, 0, 2}},
   {0x620},
   {0x620}},
  {9, 20, "CoWR+dmb", "0:x,x",
   2, {thread_36, thread_32}, {{0}, {0}},
   2, {{0, 0, 2}, {FINAL, 0, 2}},
   {0x620},
   {0x620}},
  {10, 0, "WRC", "1:x,2:y,2:x",
   3, {thread_24, thread_11, thread_4}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330033}},
  {10, 13, "WRC+addrs", "1:x,2:y,2:x",
   3, {thread_24, thread_14, thread_5}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330033}},
  {10, 22, "WRC+data+addr", "1:x,2:y,2:x",
   3, {thread_24, thread_13, thread_5}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330033}},
  {10, 7, "WRC+dmb+addr", "1:x,2:y,2:x",
   3, {thread_24, thread_12, thread_5}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330013}},
  {10, 6, "WRC+dmb+ctrlisb", "1:x,2:y,2:x",
   3, {thread_24, thread_12, thread_8}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330013}},
  {10, 2, "WRC+dmbs", "1:x,2:y,2:x",
   3, {thread_24, thread_12, thread_9}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330013}},
  {11, 0, "RWC", "1:x,1:y,2:x",
   3, {thread_24, thread_4, thread_0}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {2, 0, 2}},
   {0x330031},
   {0x330033}},
  {11, 23, "RWC+addr+dmb", "1:x,1:y,2:x",
   3, {thread_24, thread_5, thread_1}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {2, 0, 2}},
   {0x330031},
   {0x330033}},
  {11, 1, "RWC+dmb+po", "1:x,1:y,2:x",
   3, {thread_24, thread_9, thread_0}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {2, 0, 2}},
   {0x330031},
   {0x330033}},
  {11, 2, "RWC+dmbs", "1:x,1:y,2:x",
   3, {thread_24, thread_9, thread_1}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {2, 0, 2}},
   {0x330031},
   {0x330031}},
  {12, 0, "WWC", "1:x,2:y,x",
   3, {thread_32, thread_11, thread_11}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x570000, 0x17},
   {0x770000, 0x77}},
  {12, 13, "WWC+addrs", "1:x,2:y,x",
   3, {thread_32, thread_14, thread_14}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x570000, 0x17},
   {0x570000, 0x57}},
  {12, 12, "WWC+datas", "1:x,2:y,x",
   3, {thread_32, thread_13, thread_13}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x570000, 0x17},
   {0x570000, 0x57}},
  {12, 16, "WWC+dmb+data", "1:x,2:y,x",
   3, {thread_32, thread_12, thread_13}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x570000, 0x17},
   {0x570000, 0x17}},
  {12, 2, "WWC+dmbs", "1:x,2:y,x",
   3, {thread_32, thread_12, thread_12}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x570000, 0x17},
   {0x570000, 0x17}},
  {13, 0, "WRW+2W", "1:x,x,y",
   3, {thread_24, thread_11, thread_37}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x7700000, 0x310},
   {0x7700000, 0x770}},
  {13, 15, "WRW+2W+data+dmb", "1:x,x,y",
   3, {thread_24, thread_13, thread_38}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x7700000, 0x310},
   {0x7700000, 0x330}},
  {13, 2, "WRW+2W+dmbs", "1:x,x,y",
   3, {thread_24, thread_12, thread_38}, {{0}, {0, 1}, {1, 0}},
   3, {{1, 0, 2}, {FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x7700000, 0x310},
   {0x7700000, 0x310}},
  {14, 0, "ISA2", "1:y,2:z,2:x",
   3, {thread_3, thread_11, thread_4}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330033}},
  {14, 24, "ISA2+dmb+addr+addr", "1:y,2:z,2:x",
   3, {thread_6, thread_14, thread_5}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330013}},
  {14, 25, "ISA2+dmb+data+addr", "1:y,2:z,2:x",
   3, {thread_6, thread_13, thread_5}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330013}},
  {14, 26, "ISA2+dmb+ctrl+addr", "1:y,2:z,2:x",
   3, {thread_6, thread_15, thread_5}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330013}},
  {14, 2, "ISA2+dmbs", "1:y,2:z,2:x",
   3, {thread_6, thread_12, thread_9}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {2, 1, 2}},
   {0x330013},
   {0x330013}},
  {15, 0, "3.SB", "0:y,1:z,2:x",
   3, {thread_0, thread_0, thread_0}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {2, 0, 2}},
   {0x330032},
   {0x330033}},
  {15, 27, "3.SB+dmb+dmb+po", "0:y,1:z,2:x",
   3, {thread_1, thread_1, thread_0}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {2, 0, 2}},
   {0x330032},
   {0x330033}},
  {15, 2, "3.SB+dmbs", "0:y,1:z,2:x",
   3, {thread_1, thread_1, thread_1}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {2, 0, 2}},
   {0x330032},
   {0x330032}},
  {16, 0, "3.LB", "0:x,1:y,2:z",
   3, {thread_11, thread_11, thread_11}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {2, 0, 2}},
   {0x130033},
   {0x330033}},
  {16, 12, "3.LB+datas", "0:x,1:y,2:z",
   3, {thread_13, thread_13, thread_13}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {2, 0, 2}},
   {0x130033},
   {0x130033}},
  {16, 2, "3.LB+dmbs", "0:x,1:y,2:z",
   3, {thread_12, thread_12, thread_12}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {2, 0, 2}},
   {0x130033},
   {0x130033}},
  {17, 0, "3.2W", "x,y,z",
   3, {thread_21, thread_21, thread_21}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{FINAL, 0, 2}, {FINAL, 1, 2}, {FINAL, 2, 2}},
   {0x6400000, 0x660},
   {0x6600000, 0x660}},
  {17, 3, "3.2W+dmb.sts", "x,y,z",
   3, {thread_23, thread_23, thread_23}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{FINAL, 0, 2}, {FINAL, 1, 2}, {FINAL, 2, 2}},
   {0x6400000, 0x660},
   {0x6400000, 0x660}},
  {17, 2, "3.2W+dmbs", "x,y,z",
   3, {thread_22, thread_22, thread_22}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{FINAL, 0, 2}, {FINAL, 1, 2}, {FINAL, 2, 2}},
   {0x6400000, 0x660},
   {0x6400000, 0x660}},
  {18, 0, "Z6.0", "1:y,2:x,z",
   3, {thread_3, thread_11, thread_19}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 2, 2}},
   {0x330000, 0x31},
   {0x330000, 0x33}},
  {18, 28, "Z6.0+dmb+data+dmb", "1:y,2:x,z",
   3, {thread_6, thread_13, thread_20}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 2, 2}},
   {0x330000, 0x31},
   {0x330000, 0x31}},
  {18, 29, "Z6.0+dmb+addr+dmb", "1:y,2:x,z",
   3, {thread_6, thread_14, thread_20}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 2, 2}},
   {0x330000, 0x31},
   {0x330000, 0x31}},
  {18, 2, "Z6.0+dmbs", "1:y,2:x,z",
   3, {thread_6, thread_12, thread_20}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 2, 2}},
   {0x330000, 0x31},
   {0x330000, 0x31}},
  {19, 0, "Z6.1", "2:z,x,y",
   3, {thread_3, thread_16, thread_39}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x3300000, 0x310},
   {0x3300000, 0x330}},
  {19, 30, "Z6.1+dmb+dmb+data", "2:z,x,y",
   3, {thread_6, thread_17, thread_40}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x3300000, 0x310},
   {0x3300000, 0x310}},
  {19, 2, "Z6.1+dmbs", "2:z,x,y",
   3, {thread_6, thread_17, thread_41}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {FINAL, 0, 2}, {FINAL, 1, 2}},
   {0x3300000, 0x310},
   {0x3300000, 0x310}},
  {20, 0, "Z6.2", "1:y,2:z,x",
   3, {thread_16, thread_11, thread_11}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x330000, 0x13},
   {0x330000, 0x33}},
  {20, 31, "Z6.2+dmb+data+data", "1:y,2:z,x",
   3, {thread_17, thread_13, thread_13}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x330000, 0x13},
   {0x330000, 0x13}},
  {20, 24, "Z6.2+dmb+addr+addr", "1:y,2:z,x",
   3, {thread_17, thread_14, thread_14}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x330000, 0x13},
   {0x330000, 0x13}},
  {20, 2, "Z6.2+dmbs", "1:y,2:z,x",
   3, {thread_17, thread_12, thread_12}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 0, 2}},
   {0x330000, 0x13},
   {0x330000, 0x13}},
  {21, 0, "Z6.3", "2:z,2:x,y",
   3, {thread_3, thread_16, thread_4}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {2, 1, 2}, {FINAL, 1, 2}},
   {0x330000, 0x31},
   {0x330000, 0x33}},
  {21, 32, "Z6.3+dmb+dmb+addr", "2:z,2:x,y",
   3, {thread_6, thread_17, thread_5}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {2, 1, 2}, {FINAL, 1, 2}},
   {0x330000, 0x31},
   {0x330000, 0x31}},
  {21, 33, "Z6.3+dmb.st+dmb.st+addr", "2:z,2:x,y",
   3, {thread_10, thread_18, thread_5}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {2, 1, 2}, {FINAL, 1, 2}},
   {0x330000, 0x31},
   {0x330000, 0x31}},
  {21, 2, "Z6.3+dmbs", "2:z,2:x,y",
   3, {thread_6, thread_17, thread_9}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {2, 1, 2}, {FINAL, 1, 2}},
   {0x330000, 0x31},
   {0x330000, 0x31}},
  {22, 0, "Z6.4", "1:z,2:x,y",
   3, {thread_3, thread_19, thread_0}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 1, 2}},
   {0x330000, 0x32},
   {0x330000, 0x33}},
  {22, 2, "Z6.4+dmbs", "1:z,2:x,y",
   3, {thread_6, thread_20, thread_1}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{1, 0, 2}, {2, 0, 2}, {FINAL, 1, 2}},
   {0x330000, 0x32},
   {0x330000, 0x32}},
  {23, 0, "Z6.5", "2:x,y,z",
   3, {thread_3, thread_16, thread_19}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {FINAL, 1, 2}, {FINAL, 2, 2}},
   {0x3300000, 0x230},
   {0x3300000, 0x330}},
  {23, 2, "Z6.5+dmbs", "2:x,y,z",
   3, {thread_6, thread_17, thread_20}, {{0, 1}, {1, 2}, {2, 0}},
   3, {{2, 0, 2}, {FINAL, 1, 2}, {FINAL, 2, 2}},
   {0x3300000, 0x230},
   {0x3300000, 0x230}},
  {24, 0, "IRIW", "2:x,2:y,3:y,3:x",
   4, {thread_24, thread_24, thread_4, thread_4}, {{0}, {1}, {0, 1}, {1, 0}},
   4, {{2, 0, 2}, {2, 1, 2}, {3, 0, 2}, {3, 1, 2}},
   {0x310033, 0x0, 0x330033},
   {0x330033, 0x0, 0x330033}},
  {24, 13, "IRIW+addrs", "2:x,2:y,3:y,3:x",
   4, {thread_24, thread_24, thread_5, thread_5}, {{0}, {1}, {0, 1}, {1, 0}},
   4, {{2, 0, 2}, {2, 1, 2}, {3, 0, 2}, {3, 1, 2}},
   {0x310033, 0x0, 0x330033},
   {0x330033, 0x0, 0x330033}},
  {24, 34, "IRIW+ctrlisbs", "2:x,2:y,3:y,3:x",
   4, {thread_24, thread_24, thread_8, thread_8}, {{0}, {1}, {0, 1}, {1, 0}},
   4, {{2, 0, 2}, {2, 1, 2}, {3, 0, 2}, {3, 1, 2}},
   {0x310033, 0x0, 0x330033},
   {0x330033, 0x0, 0x330033}},
  {24, 7, "IRIW+dmb+addr", "2:x,2:y,3:y,3:x",
   4, {thread_24, thread_24, thread_9, thread_5}, {{0}, {1}, {0, 1}, {1, 0}},
   4, {{2, 0, 2}, {2, 1, 2}, {3, 0, 2}, {3, 1, 2}},
   {0x310033, 0x0, 0x330033},
   {0x330033, 0x0, 0x330033}},
  {24, 2, "IRIW+dmbs", "2:x,2:y,3:y,3:x",
   4, {thread_24, thread_24, thread_9, thread_9}, {{0}, {1}, {0, 1}, {1, 0}},
   4, {{2, 0, 2}, {2, 1, 2}, {3, 0, 2}, {3, 1, 2}},
   {0x310033, 0x0, 0x330033},
   {0x310033, 0x0, 0x330033}},
  {25, 0, "PPO", "1:y,1:z,1:x",
   2, {thread_3, thread_42}, {{0, 1}, {1, 2, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}},
   {0x300010},
   {0x300030}},
  {25, 35, "PPO+dmb+ctrl-po-addr", "1:y,1:z,1:x",
   2, {thread_6, thread_43}, {{0, 1}, {1, 2, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}},
   {0x300010},
   {0x300030}},
  {25, 36, "PPO+dmb+addr-po-addr", "1:y,1:z,1:x",
   2, {thread_6, thread_44}, {{0, 1}, {1, 2, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}},
   {0x300010},
   {0x300010}},
  {25, 37, "PPO+dmb+data-po-addr", "1:y,1:z,1:x",
   2, {thread_6, thread_45}, {{0, 1}, {1, 2, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}},
   {0x300010},
   {0x300010}},
  {25, 38, "PPO+dmb+ctrlisb-po-addr", "1:y,1:z,1:x",
   2, {thread_6, thread_46}, {{0, 1}, {1, 2, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}},
   {0x300010},
   {0x300010}},
  {25, 2, "PPO+dmbs", "1:y,1:z,1:x",
   2, {thread_6, thread_47}, {{0, 1}, {1, 2, 0}},
   3, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}},
   {0x300010},
   {0x300010}},
  {26, 36, "MP.rr+dmb+addr-po-addr", "1:y,1:z,1:z.2,1:x",
   2, {thread_6, thread_48}, {{0, 1}, {1, 2, 0}},
   4, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}, {1, 3, 2}},
   {0x1, 0x0, 0x3},
   {0x3, 0x0, 0x3}},
  {26, 35, "MP.rr+dmb+ctrl-po-addr", "1:y,1:z,1:z.2,1:x",
   2, {thread_6, thread_49}, {{0, 1}, {1, 2, 0}},
   4, {{1, 0, 2}, {1, 1, 2}, {1, 2, 2}, {1, 3, 2}},
   {0x1, 0x0, 0x3},
   {0x3, 0x0, 0x3}},
  {27, 0, "SB.ex", "0:x,0:y,1:y,1:x",
   2, {thread_50, thread_50}, {{0, 1}, {1, 0}},
   4, {{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x10, 0x0, 0x11},
   {0x11, 0x0, 0x11}},
  {27, 2, "SB.ex+dmbs", "0:x,0:y,1:y,1:x",
   2, {thread_51, thread_51}, {{0, 1}, {1, 0}},
   4, {{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x10, 0x0, 0x11},
   {0x10, 0x0, 0x11}},
  {28, 0, "MP.ex", "0:y,1:y,1:x",
   2, {thread_52, thread_4}, {{0, 1}, {1, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x110001},
   {0x110011}},
  {28, 7, "MP.ex+dmb+addr", "0:y,1:y,1:x",
   2, {thread_53, thread_5}, {{0, 1}, {1, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x110001},
   {0x110001}},
  {28, 6, "MP.ex+dmb+ctrlisb", "0:y,1:y,1:x",
   2, {thread_53, thread_8}, {{0, 1}, {1, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x110001},
   {0x110001}},
  {28, 2, "MP.ex+dmbs", "0:y,1:y,1:x",
   2, {thread_53, thread_9}, {{0, 1}, {1, 0}},
   3, {{0, 0, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x110001},
   {0x110001}},
  {29, 0, "LB.ex", "0:x,0:y,1:y,1:x",
   2, {thread_54, thread_54}, {{0, 1}, {1, 0}},
   4, {{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x10003},
   {0x30003}},
  {29, 12, "LB.ex+datas", "0:x,0:y,1:y,1:x",
   2, {thread_55, thread_55}, {{0, 1}, {1, 0}},
   4, {{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x10003},
   {0x10003}},
  {29, 14, "LB.ex+ctrls", "0:x,0:y,1:y,1:x",
   2, {thread_56, thread_56}, {{0, 1}, {1, 0}},
   4, {{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x10003},
   {0x10003}},
  {29, 2, "LB.ex+dmbs", "0:x,0:y,1:y,1:x",
   2, {thread_57, thread_57}, {{0, 1}, {1, 0}},
   4, {{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 1, 2}},
   {0x10003},
   {0x10003}},
  {30, 0, "2U", "0:x,1:x,x",
   2, {thread_58, thread_59}, {{0}, {0}},
   3, {{0, 0, 2}, {1, 0, 2}, {FINAL, 0, 2}},
   {0x40000, 0x10},
   {0x40000, 0x10}},
  {31, 0, "CoUW", "0:x,0:x.2,x",
   2, {thread_60, thread_32}, {{0}, {0}},
   3, {{0, 0, 2}, {0, 1, 2}, {FINAL, 0, 2}},
   {0x400000, 0x110},
   {0x400000, 0x110}},
  {31, 20, "CoUW+dmb", "0:x,0:x.2,x",
   2, {thread_61, thread_32}, {{0}, {0}},
   3, {{0, 0, 2}, {0, 1, 2}, {FINAL, 0, 2}},
   {0x400000, 0x110},
   {0x400000, 0x110}},
  {32, 0, "SB.byte", "0:x,1:x",
   2, {thread_62, thread_63}, {{0}, {0}},
   2, {{0, 0, 4}, {1, 0, 4}},
   {0x0, 0x0, 0x220020},
   {0x0, 0x0, 0x220022}},
  {32, 2, "SB.byte+dmbs", "0:x,1:x",
   2, {thread_64, thread_65}, {{0}, {0}},
   2, {{0, 0, 4}, {1, 0, 4}},
   {0x0, 0x0, 0x220020},
   {0x0, 0x0, 0x220020}},
  {33, 0, "MP.byte", "1:y,1:x",
   2, {thread_66, thread_4}, {{0, 1}, {1, 0}},
   2, {{1, 0, 4}, {1, 1, 4}},
   {0x30001},
   {0x30003}},
  {33, 7, "MP.byte+dmb+addr", "1:y,1:x",
   2, {thread_67, thread_5}, {{0, 1}, {1, 0}},
   2, {{1, 0, 4}, {1, 1, 4}},
   {0x30001},
   {0x30001}},
  {33, 9, "MP.byte+dmb.st+addr", "1:y,1:x",
   2, {thread_68, thread_5}, {{0, 1}, {1, 0}},
   2, {{1, 0, 4}, {1, 1, 4}},
   {0x30001},
   {0x30001}},
  {33, 2, "MP.byte+dmbs", "1:y,1:x",
   2, {thread_67, thread_9}, {{0, 1}, {1, 0}},
   2, {{1, 0, 4}, {1, 1, 4}},
   {0x30001},
   {0x30001}},
  {34, 0, "MP.half", "1:x[0],1:x[1]",
   2, {thread_69, thread_70}, {{0}, {0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x33}},
  {34, 19, "MP.half+addr", "1:x[0],1:x[1]",
   2, {thread_69, thread_71}, {{0}, {0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x33}},
  {34, 20, "MP.half+dmb", "1:x[0],1:x[1]",
   2, {thread_69, thread_72}, {{0}, {0}},
   2, {{1, 0, 2}, {1, 1, 2}},
   {0x31},
   {0x31}},
  {35, 0, "CoRR.byte", "1:x,1:x[1]",
   2, {thread_69, thread_73}, {{0}, {0}},
   2, {{1, 0, 4}, {1, 1, 2}},
   {0x210001},
   {0x210001}},
  {35, 19, "CoRR.byte+addr", "1:x,1:x[1]",
   2, {thread_69, thread_74}, {{0}, {0}},
   2, {{1, 0, 4}, {1, 1, 2}},
   {0x210001},
   {0x210001}},
  {35, 20, "CoRR.byte+dmb", "1:x,1:x[1]",
   2, {thread_69, thread_75}, {{0}, {0}},
   2, {{1, 0, 4}, {1, 1, 2}},
   {0x210001},
   {0x210001}},
};
