/** Whether a parsed JSON line matches. */
export type LineTest = (line: unknown) => boolean;
