import type { Clock } from "../../../doctor/xray/clock";

/** A clock that goes on only while somebody waits; something may happen at each wait, counted from 1. */
export class SteppingClock implements Clock {
  #time: number;
  #waits = 0;

  /** @param begin epoch milliseconds */
  constructor(
    readonly begin: number,
    readonly happen: (waits: number) => Promise<void>,
  ) {
    this.#time = begin;
  }

  now(): number {
    return this.#time;
  }

  async wait(ms: number): Promise<void> {
    this.#time += ms;
    this.#waits += 1;
    await this.happen(this.#waits);
  }

  /** Minutes waited. */
  get minutes(): number {
    return (this.#time - this.begin) / 60_000;
  }
}
