import { alertRule } from "./alerts";
import { analysisRequest, pendingItem, snsEvent } from "./news";
import { valuesOf } from "./observed";
import type { PipelineLab } from "./pipeline-lab";

type Item = Record<string, unknown>;

/** What tests of alert rules put into a lab and read from it. */
export function alertReading(lab: () => PipelineLab) {
  /** Stores a pending article and gives the event that asks for its score. */
  async function article(source_id: string, change: Item = {}): Promise<unknown> {
    const request = analysisRequest({ source_id: `dedup:${source_id}`, ...change });
    await lab().put("items", pendingItem(request));
    return snsEvent(request);
  }

  /** Rules by id, each a change of the usual one. */
  async function rules(all: Readonly<Record<string, Item>>): Promise<void> {
    for (const [id, change] of Object.entries(all)) {
      await lab().put("users", alertRule({ SK: `ALERT#${id}`, ...change }));
    }
  }

  /** The rule as it is in the table. */
  async function ruleRow(id = "alert-1"): Promise<Item | undefined> {
    return (await lab().scan("users")).find(({ SK }) => SK === `ALERT#${id}`);
  }

  /** The messages published since the last call, by alert. */
  async function messages(): Promise<Item[]> {
    const events = await lab().published("notifications");
    const all = events.map(({ Records }) => JSON.parse(String(Records[0]?.Sns["Message"])) as Item);
    return all.sort((a, b) => String(a["alert_id"]).localeCompare(String(b["alert_id"])));
  }

  /** Sums of what the evaluator counts: evaluated, triggered, queued, failed. */
  const counts = () =>
    (["AlertsEvaluated", "AlertsTriggered", "NotificationsQueued", "AlertEvaluationErrors"] as const).map(
      (name) => valuesOf(lab().gateway.calls, name).reduce((sum, value) => sum + value, 0),
    );

  /** An instant so many minutes ago. */
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  return { article, rules, ruleRow, messages, counts, minutesAgo };
}
