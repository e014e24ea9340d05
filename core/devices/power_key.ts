/**
 * The machine's power key: an input of the GPIO block that is high while the key is held. Linux's
 * gpio-keys driver makes KEY_POWER of it; what follows is the guest's business.
 * @module
 */
import { type AlarmTable, NEVER, POWER_KEY_ALARM } from "./alarm_table.ts";
import { type Clock, TIMER_HZ } from "./device.ts";
import type { Pl061 } from "./pl061.ts";

/** How long a press takes: more than drivers wait for the contacts to settle. */
const PRESS_TICKS: number = TIMER_HZ / 10;

/** The key as one thread sees it. */
export class PowerKey {
  readonly #gpio: Pl061;
  readonly #pin: number;
  readonly #alarms: AlarmTable;
  readonly #clock: Clock;

  /** `pin` is the GPIO block's input that the key is wired to. */
  constructor(gpio: Pl061, pin: number, alarms: AlarmTable, clock: Clock) {
    this.#gpio = gpio;
    this.#pin = pin;
    this.#alarms = alarms;
    this.#clock = clock;
  }

  /** Presses the key; for the main thread. The alarm does it, as it must take the GPIO's lock. */
  press(): void {
    this.#alarms.set(POWER_KEY_ALARM, 0);
  }

  /** The alarm: presses the key, or lets it go. */
  alarm(): void {
    const press = !this.#gpio.input(this.#pin);
    this.#alarms.set(POWER_KEY_ALARM, press ? this.#clock.ticks() + PRESS_TICKS : NEVER);
    this.#gpio.setInput(this.#pin, press ? 1 : 0);
  }
}
