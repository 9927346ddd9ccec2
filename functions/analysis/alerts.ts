import { ALERTS, type AlertMessage } from "../../contract/mail";
import { SPANS } from "../../contract/spans";
import type { Runtime } from "../runtime/handler";
import { LARGEST_BATCH } from "../runtime/publish-batch";
import { annotate, traced } from "../runtime/tracing";
import { type AlertRule, crosses, rulesOf } from "./alert-rules";
import type { ScoreRange } from "./bucket";
import { giveBackCooldown, type Taken, takeCooldown } from "./cooldown";
import { publishAlerts } from "./publish-alerts";

/** Below this many remaining milliseconds no further rule is looked at: what triggered must still be published. */
const RESERVE_MS = 4000;

/** A scored article, as far as alert rules are concerned. */
export interface ScoredArticle {
  readonly sourceId: string;
  readonly tickers: readonly string[];
  /** -1 to 1. */
  readonly score: number;
  /** By ticker, the range of the bucket the article fell into; none where it could not be written. */
  readonly ranges: ReadonlyMap<string, ScoreRange>;
}

/** Some rules were not evaluated, or alerts not handed on. */
class AlertEvaluationError extends Error {
  override readonly name = "AlertEvaluationError";
}

interface Triggered {
  readonly taken: Taken;
  readonly message: AlertMessage;
}

/** What a rule watches: the article's score, or how far the scores of its hour lie apart. */
function watchedValue(rule: AlertRule, { score, ranges }: ScoredArticle): number | undefined {
  if (rule.alert_type === "sentiment_threshold") return score;
  const range = ranges.get(rule.ticker);
  // Scores have four decimals, so more of them in a difference are noise.
  return range === undefined ? undefined : Math.round((range.high - range.low) * 10_000) / 10_000;
}

function messageOf({ rule, at }: Taken, value: number): AlertMessage {
  const { user_id, alert_id, ticker, alert_type, threshold_direction, threshold } = rule;
  const watched = { ticker, alert_type, threshold_direction, threshold };
  return {
    notification_type: "alert",
    user_id,
    alert_id,
    ...watched,
    triggered_value: value,
    triggered_at: at,
  };
}

/** The alerts of one article, from its rules to the topic. */
class Evaluation {
  readonly #runtime: Runtime<"analysis">;
  readonly #article: ScoredArticle;
  readonly #remainingMs: () => number;
  readonly #problems: unknown[] = [];
  #batch: Triggered[] = [];
  #evaluated = 0;
  #triggered = 0;
  #queued = 0;

  constructor(runtime: Runtime<"analysis">, article: ScoredArticle, remainingMs: () => number) {
    this.#runtime = runtime;
    this.#article = article;
    this.#remainingMs = remainingMs;
  }

  async run(): Promise<void> {
    for (const ticker of this.#article.tickers) await this.#attempt(() => this.#evaluateTicker(ticker));
    await this.#publish();
    annotate("evaluated_count", this.#evaluated);
    annotate("triggered_count", this.#triggered);
    annotate("queued_count", this.#queued);
    const { metrics } = this.#runtime;
    metrics.emit("AlertsEvaluated", this.#evaluated);
    metrics.emit("AlertsTriggered", this.#triggered);
    metrics.emit("NotificationsQueued", this.#queued);
    const [first] = this.#problems;
    if (first === undefined) return;
    const cause = first instanceof Error ? `${first.name}: ${first.message}` : String(first);
    throw new AlertEvaluationError(`steps that failed: ${this.#problems.length}; the first: ${cause}`);
  }

  /** One rule or ticker that fails must not keep the others from being looked at. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#problems.push(error);
    }
  }

  async #evaluateTicker(ticker: string): Promise<void> {
    this.#requireTime();
    const { rules, unreadable } = await rulesOf(ticker, this.#runtime.config.variables.USERS_TABLE);
    if (unreadable > 0) {
      this.#problems.push(
        new Error(`${unreadable} alert rules of ${ticker} lack a field or have one of another form`),
      );
    }
    for (const rule of rules) {
      this.#requireTime();
      await this.#attempt(() => this.#evaluateRule(rule));
    }
  }

  #requireTime(): void {
    if (this.#remainingMs() >= RESERVE_MS) return;
    annotate("flush_reason", "deadline");
    throw new Error("no time was left");
  }

  async #evaluateRule(rule: AlertRule): Promise<void> {
    const value = watchedValue(rule, this.#article);
    if (value === undefined) {
      throw new Error(`the ${ALERTS.volatilityResolution} bucket of ${rule.ticker} was not written`);
    }
    this.#evaluated += 1;
    if (!crosses(rule.threshold_direction, rule.threshold, value)) return;
    const { USERS_TABLE } = this.#runtime.config.variables;
    const taken = await takeCooldown(rule, this.#article.sourceId, USERS_TABLE, Date.now());
    if (taken === undefined) return;
    this.#triggered += 1;
    this.#batch.push({ taken, message: messageOf(taken, value) });
    if (this.#batch.length === LARGEST_BATCH) await this.#publish();
  }

  async #publish(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    const { NOTIFICATION_TOPIC_ARN, USERS_TABLE } = this.#runtime.config.variables;
    const messages = batch.map(({ message }) => message);
    const { refused, error } = await publishAlerts(messages, NOTIFICATION_TOPIC_ARN);
    this.#queued += batch.length - refused.length;
    if (error === undefined) return;
    this.#problems.push(error);
    // A call that timed out may have arrived. Then the next article alerts twice, which beats an hour of silence.
    for (const index of refused) {
      const taken = batch[index]?.taken;
      if (taken === undefined) continue;
      await this.#attempt(() => giveBackCooldown(taken, this.#article.sourceId, USERS_TABLE));
    }
  }
}

/**
 * Holds the enabled alert rules of an article's tickers against it and hands those that trigger to the mail function
 * (D14). What fails is a fault on `evaluate_alerts` and `AlertEvaluationErrors`; the article stays analyzed, because a
 * retry would find it done.
 *
 * @param remainingMs milliseconds the invocation has left
 */
export async function evaluateAlerts(
  runtime: Runtime<"analysis">,
  article: ScoredArticle,
  remainingMs: () => number,
): Promise<void> {
  try {
    await traced(SPANS.evaluateAlerts, () => new Evaluation(runtime, article, remainingMs).run());
  } catch (error) {
    runtime.metrics.emit("AlertEvaluationErrors", 1);
    runtime.logger.warn("alerts not all evaluated", { source_id: article.sourceId }, error);
  }
}
