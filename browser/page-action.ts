import { newRoot } from "./trace-header";

/** Something a person did on a page; all requests it leads to belong to one trace (FE-3). */
export interface PageAction {
  /** Value of the trace header; `undefined` without a source of randomness. */
  readonly root: string | undefined;
}

/** Starts an action; hand it to every request that follows from it. */
export function startAction(): PageAction {
  return { root: newRoot() };
}
