/** What every command's exit code means. */
export const EXIT = {
  /** Everything asked for holds. */
  fine: 0,
  /** Something is wrong with what was looked at. */
  findings: 1,
  /** Wrong usage, or a file that cannot be used. */
  usage: 2,
  /** Nothing is wrong, but something could not be evaluated. */
  undecided: 3,
} as const;

/** One of {@link EXIT}. */
export type Exit = (typeof EXIT)[keyof typeof EXIT];
