/** The middle of some numbers. */
export function median(values: readonly number[]): number;
