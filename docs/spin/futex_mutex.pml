/*
 * Model of core/smp/futex_mutex.ts and of the same protocol in strategies/atomics/shared/ir_lock.ts:
 * THREADS threads lock and unlock ROUNDS times each.
 *
 * Checked: mutual exclusion; as the absence of invalid end states, no lost wake-up and no deadlock;
 * and unlocking never finds the lock free.
 */
#ifndef THREADS
#define THREADS 3
#endif
#ifndef ROUNDS
#define ROUNDS 3
#endif

#define FREE 0
#define HELD 1
#define CONTENDED 2

byte word;
/* Who sleeps on the word, a bit a thread. */
byte asleep;
byte inside;

/* A waiter takes the lock as CONTENDED, since others may still sleep. */
#ifdef BROKEN_STATE
#define TAKEN HELD
#else
#define TAKEN CONTENDED
#endif

inline compare_exchange(to) {
  atomic {
    old = word;
    if
    :: old == FREE -> word = to
    :: else
    fi
  }
}

inline lock() {
  compare_exchange(HELD);
  do
  :: old == FREE -> break
  :: else ->
    atomic { old = word; word = (old == FREE -> TAKEN : CONTENDED) }
    if
    :: old != FREE ->
      atomic {
        if
        :: word == CONTENDED -> asleep = asleep | (1 << me)
        :: else
        fi
      }
      (asleep & (1 << me)) == 0
    :: else
    fi
  od
}

/* Atomics.notify for one sleeper, whichever it is. */
inline notify_one() {
  atomic {
    if
    :: asleep & 1 -> asleep = asleep & ~1
    :: asleep & 2 -> asleep = asleep & ~2
    :: asleep & 4 -> asleep = asleep & ~4
    :: asleep == 0
    fi
  }
}

inline unlock() {
  atomic { old = word; word = FREE }
  assert(old != FREE);
#ifndef BROKEN_NOTIFY
  if
  :: old == CONTENDED -> notify_one()
  :: else
  fi
#endif
}

proctype thread(byte me) {
  byte old, round;
  do
  :: round < ROUNDS ->
    lock();
    inside++;
    assert(inside == 1);
    inside--;
    unlock();
    round++;
    old = FREE
  :: else -> break
  od
}

init {
  byte t;
  atomic {
    do
    :: t < THREADS -> run thread(t); t++
    :: else -> break
    od
  }
}
