/** A known mistake that can be put back into the sources, and the test that must then fail. */
export interface Mutation {
  /** Defect or requirement the test stands for, for example `D8`. */
  readonly defect: string;
  /** File to change, from the root of the checkout. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly find: string;
  /** The mistake. */
  readonly replace: string;
  /** Test file that notices. */
  readonly test: string;
  /** What `jest -t` selects: a part of the names of the tests that notice. */
  readonly name: string;
}
