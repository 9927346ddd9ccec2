/** What a request is answered. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Becomes JSON; absent for an answer without body. */
  readonly body?: unknown;
}
