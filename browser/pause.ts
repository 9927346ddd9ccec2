/** A wait that can be cut short. */
export interface Pause {
  /** Waits so many milliseconds, or until {@link Pause.end}. */
  wait(milliseconds: number): Promise<void>;
  /** Ends the wait and leaves no timer. */
  end(): void;
}

/** Makes something to wait with, once at a time. */
export function createPause(): Pause {
  let end = (): void => undefined;
  return {
    wait: (milliseconds) =>
      new Promise((done) => {
        const timer = setTimeout(done, milliseconds);
        end = () => {
          clearTimeout(timer);
          done();
        };
      }),
    end: () => end(),
  };
}
