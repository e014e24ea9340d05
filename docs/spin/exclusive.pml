/*
 * Model of core/smp/exclusive.ts and core/smp/run_on_cpu.ts. The inlines carry the names of the
 * methods they model. VCPUS vCPUs take ROUNDS actions each: run translated code, stop the world
 * from the run loop or from inside translated code, do work on all vCPUs from inside or outside.
 *
 * Checked: at most one exclusive section; no vCPU in translated code during one; no work item
 * beside its vCPU's translated code; synchronous work is done when the call returns; and, as the
 * absence of invalid end states, no deadlock and no lost wake-up. Memory is sequentially
 * consistent, as Atomics are. The list lock is taken to be a mutex (see futex_mutex.pml).
 *
 * NO_WORK leaves the work on all vCPUs out, so that three vCPUs stay a matter of seconds.
 * Each BROKEN_... macro takes one step of the protocol away; SPIN must find the error then.
 */
#ifndef VCPUS
#define VCPUS 2
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif

#define STOPPED 0
#define RUNNING 1
#define CLAIMED 2

byte running[VCPUS];
bool has_waiter[VCPUS];
byte pending;
byte resume;
bool list_lock;

bool work[VCPUS];
byte posted[VCPUS];
byte finished[VCPUS];

/* Sleepers of each futex word, a bit a vCPU. */
byte on_pending;
byte on_resume;
byte on_running[VCPUS];
byte on_finished[VCPUS];

/* What is checked. */
bool in_code[VCPUS];
byte sections;

inline lock() { atomic { !list_lock -> list_lock = true } }
inline unlock() { list_lock = false }

/* Atomics.wait: sleeps only while the word has the expected value. */
#ifdef BROKEN_WAIT
inline futex_wait(sleepers, word, expected) {
  sleepers = sleepers | (1 << me);
  (sleepers & (1 << me)) == 0
}
#else
inline futex_wait(sleepers, word, expected) {
  atomic {
    if
    :: word == expected -> sleepers = sleepers | (1 << me)
    :: else
    fi
  }
  (sleepers & (1 << me)) == 0
}
#endif
inline notify(sleepers) { sleepers = 0 }

inline uncount(v) {
  if
  :: has_waiter[v] ->
    has_waiter[v] = false;
    pending--;
    if
    :: pending == 1 -> notify(on_pending)
    :: else
    fi
  :: else
  fi
}

inline idle() {
  do
  :: pending != 0 ->
    seen = resume;
    unlock();
    futex_wait(on_resume, resume, seen);
    lock()
  :: else -> break
  od
}

inline try_enter(v, state) {
  atomic {
    if
    :: running[v] == STOPPED -> running[v] = state; ok = true
    :: else -> ok = false
    fi
  }
}

/* After setting running[v]; ok says whether it may stay so. */
inline admitted(v) {
  if
  :: pending == 0 -> ok = true
  :: else ->
    lock();
    if
    :: pending == 0 -> unlock(); ok = true
    :: else ->
      running[v] = STOPPED;
      notify(on_running[v]);
      uncount(v);
      idle();
      unlock();
      ok = false
    fi
  fi
}

#ifdef BROKEN_ORDER
/* Looks for a section first and says that it is running afterwards. */
inline enter() {
  do
  :: lock();
    idle();
    unlock();
    try_enter(me, RUNNING);
    if
    :: ok -> break
    :: else -> futex_wait(on_running[me], running[me], CLAIMED)
    fi
  od
}
#else
inline enter() {
  do
  :: try_enter(me, RUNNING);
    if
    :: ok ->
      admitted(me);
      if
      :: ok -> break
      :: else
      fi
    :: else -> futex_wait(on_running[me], running[me], CLAIMED)
    fi
  od
}
#endif

inline leave(v) {
  running[v] = STOPPED;
  if
  :: pending == 0
  :: else -> lock(); uncount(v); unlock()
  fi
}

/* The vCPU is this thread's own and running, or claimed by it. */
inline drain(v) {
  atomic { last = posted[v]; work[v] = false }
  assert(!in_code[v]);
  finished[v] = last;
  notify(on_finished[v])
}

inline on_behalf(v) {
  do
  :: try_enter(v, CLAIMED);
    if
    :: ok ->
      admitted(v);
      if
      :: ok ->
        drain(v);
        leave(v);
        notify(on_running[v]);
        ok = true;
        break
      :: else
      fi
    :: else -> break
    fi
  od
}

inline settle(v) {
  do
  :: work[v] ->
    on_behalf(v);
    if
    :: ok
    :: else -> break
    fi
  :: else -> break
  od
}

inline exec_start() {
  enter();
  if
  :: work[me] -> drain(me)
  :: else
  fi
}

inline exec_end() {
  leave(me);
#ifndef BROKEN_RECHECK
  settle(me)
#endif
}

inline start_section() {
  lock();
  idle();
  pending = 1;
  n = 0;
  count = 0;
  do
  :: n < VCPUS ->
    if
    :: running[n] != STOPPED -> has_waiter[n] = true; count++
    :: else
    fi;
    n++
  :: else -> break
  od;
  pending = count + 1;
  count = 0;
  unlock();
  do
  :: pending == 1 -> break
  :: else -> seen = pending;
    if
    :: seen == 1 -> break
    :: else -> futex_wait(on_pending, pending, seen)
    fi
  od;
  seen = 0
}

inline end_section() {
  lock();
  pending = 0;
  resume++;
  unlock();
  notify(on_resume)
}

inline section() {
  start_section();
  sections++;
  assert(sections == 1);
  n = 0;
  do
  :: n < VCPUS -> assert(!in_code[n]); n++
  :: else -> n = 0; break
  od;
  sections--;
  end_section()
}

inline exclusively_inside() {
#ifndef BROKEN_INSIDE
  leave(me);
#endif
  section();
#ifndef BROKEN_INSIDE
  exec_start()
#endif
}

inline run_on_all() {
  target = 0;
  do
  :: target < VCPUS ->
    on_behalf(target);
    if
#ifdef BROKEN_SETTLE
    :: ok
#else
    :: ok -> settle(target)
#endif
    :: else ->
      atomic { posted[target]++; ticket[target] = posted[target]; work[target] = true }
    fi;
    target++
  :: else -> break
  od;
  target = 0;
  do
  :: target < VCPUS ->
    do
    :: finished[target] < ticket[target] ->
      settle(target);
      seen = finished[target];
      if
      :: seen < ticket[target] -> futex_wait(on_finished[target], finished[target], seen)
      :: else
      fi
    :: else -> break
    od;
    ticket[target] = 0;
    target++
  :: else -> break
  od;
  target = 0;
  seen = 0
}

inline run_on_all_inside() {
  exec_end();
  run_on_all();
  exec_start()
}

/* Translated code with or without a helper in its middle. */
inline translated_code() {
  exec_start();
  in_code[me] = true;
  in_code[me] = false;
  if
  :: skip
  :: exclusively_inside()
#ifndef NO_WORK
  :: run_on_all_inside()
#endif
  fi;
  in_code[me] = true;
  in_code[me] = false;
  exec_end()
}

proctype vcpu(byte me) {
  byte round, seen, last, n, count, target;
  byte ticket[VCPUS];
  bool ok;
  do
  :: round < ROUNDS ->
    round++;
    if
    :: translated_code()
    :: section()
#ifndef NO_WORK
    :: run_on_all()
#endif
    fi;
    last = 0;
    ok = false
  :: else -> break
  od
}

init {
  byte v;
  atomic {
    do
    :: v < VCPUS -> run vcpu(v); v++
    :: else -> break
    od
  }
}
