/** Calls a callback if there is one. Its mistakes are not the caller's: they are thrown where everybody sees them. */
export function tell<Args extends readonly unknown[]>(
  callback: ((...args: Args) => void) | undefined,
  ...args: Args
): void {
  try {
    callback?.(...args);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
