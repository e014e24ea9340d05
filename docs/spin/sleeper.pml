/*
 * Model of wake (core/smp/kick.ts) and Sleeper (core/smp/sleeper.ts): WAKERS threads each leave
 * ROUNDS pieces of work and wake the one sleeper, which takes what there is, spins for a while if it
 * likes, and sleeps.
 *
 * The word is modelled by its count and its mark; a step that the code does by one atomic operation
 * on the word is one atomic step here. Checked, as the absence of invalid end states: no wake-up is
 * lost, although a sleeper that is not marked is not notified.
 */
#ifndef WAKERS
#define WAKERS 2
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif

byte count;
bool marked;
bool sleeps;
byte work;

proctype waker() {
  byte round;
  bool asleep;
  do
  :: round < ROUNDS ->
    atomic { work++ }
#ifdef BROKEN_WAKER
    asleep = marked;
    count++;
#else
    atomic { asleep = marked; count++ }
#endif
    if
    :: asleep -> sleeps = false
    :: else
    fi;
    round++
  :: else -> break
  od
}

inline block() {
  bool same;
#ifdef BROKEN_MARK
  /* Waits for the count only, before the mark. */
  atomic { same = (count == ticket); sleeps = same }
  marked = true;
#else
  atomic { same = (count == ticket); marked = true }
  atomic {
    if
    :: same && count == ticket -> sleeps = true
    :: else
    fi
  }
#endif
  !sleeps;
  marked = false
}

proctype sleeper() {
  byte ticket, taken;
  do
  :: taken == WAKERS * ROUNDS -> break
  :: else ->
    ticket = count;
    atomic { taken = taken + work; work = 0 }
    if
    :: taken == WAKERS * ROUNDS
    :: else ->
      do
      :: count == ticket
      :: count != ticket -> break
      :: block(); break
      od
    fi
  od
}

init {
  byte w;
  atomic {
    run sleeper();
    do
    :: w < WAKERS -> run waker(); w++
    :: else -> break
    od
  }
}
