/** Makes a callback's exception as visible as an event listener's. */
function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else
    setTimeout(() => {
      throw error;
    });
}

/** Calls a callback if there is one; its mistakes are reported and are not the caller's. */
export function tell<Args extends readonly unknown[]>(
  callback: ((...args: Args) => void) | undefined,
  ...args: Args
): void {
  try {
    callback?.(...args);
  } catch (error) {
    report(error);
  }
}
