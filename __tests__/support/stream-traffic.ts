import { setTimeout as sleep } from "node:timers/promises";
import { analyzedArticle } from "./stream-seeds";

type Write = (article: Record<string, unknown>) => Promise<void>;

/** Articles that keep coming while a test runs. */
export class Traffic {
  #running = true;
  readonly #done: Promise<void>;

  /**
   * Starts at once.
   *
   * @param write stores an article
   * @param everyMs milliseconds between two articles
   * @param tickers of each article
   */
  constructor(write: Write, everyMs: number, tickers: readonly string[]) {
    this.#done = this.#run(write, everyMs, tickers);
  }

  /** Ends it. @throws whatever an article's write did */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #run(write: Write, everyMs: number, tickers: readonly string[]): Promise<void> {
    for (let next = Date.now(); this.#running; next += everyMs) {
      await sleep(Math.max(0, next - Date.now()));
      await write(analyzedArticle(tickers));
    }
  }
}
