/** How far a stream has come: `n` events of the step that ends at `step` lie behind it. */
export interface Position {
  /** End of the step, milliseconds since 1970; a multiple of the poll interval. */
  readonly step: number;
  readonly n: number;
}

const FORM = /^([1-9]\d{12})-(0|[1-9]\d{0,5})$/;

/** The `id` of an event. */
export function idOf({ step, n }: Position): string {
  return `${step}-${n}`;
}

/** Reads a `Last-Event-ID`; `undefined` when it is none of ours. */
export function positionOf(id: string): Position | undefined {
  const [, step, n] = FORM.exec(id) ?? [];
  return step === undefined || n === undefined ? undefined : { step: Number(step), n: Number(n) };
}

/** The end of the last step that is over at an instant, both in milliseconds since 1970. */
export function stepBefore(instant: number, intervalMs: number): number {
  return Math.floor(instant / intervalMs) * intervalMs;
}
