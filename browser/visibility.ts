/** Whether a page can be seen. */
export interface Visibility {
  hidden(): boolean;
  /** Resolves when the page is seen, or after {@link Visibility.end}. */
  shown(): Promise<void>;
  /** Looks no more and leaves no listener. */
  end(): void;
}

/**
 * Looks at a page.
 *
 * @param page none counts as seen
 * @param onHidden called when it goes out of sight
 */
export function createVisibility(page: Document | undefined, onHidden: () => void): Visibility {
  let show = (): void => undefined;

  function look(): void {
    if (page?.hidden) onHidden();
    else show();
  }

  page?.addEventListener("visibilitychange", look);
  return {
    hidden: () => page?.hidden === true,
    async shown() {
      if (page?.hidden) {
        await new Promise<void>((done) => {
          show = done;
        });
      }
    },
    end() {
      page?.removeEventListener("visibilitychange", look);
      show();
    },
  };
}
