import { description, maxValue, minValue, number, picklist, pipe } from "valibot";
import { USER_LIMITS } from "../../contract/api";
import { ALERT_DIRECTIONS, ALERT_TYPES, type AlertType } from "../../contract/mail";
import type { Answer } from "./answer";
import type { UserCall } from "./call";
import { ticker } from "./fields";
import { readBody } from "./input";
import { Problem } from "./problem";
import { addRow, idOf, type Row, rowsOf } from "./user-rows";

/** The values each kind of rule can watch: scores (D11), and how far apart two of them can be. */
const THRESHOLDS: Readonly<Record<AlertType, readonly [least: number, most: number]>> = {
  sentiment_threshold: [-1, 1],
  volatility_threshold: [0, 2],
};
const ALL = Object.values(THRESHOLDS).flat();

const ENTRIES = {
  ticker,
  alert_type: pipe(picklist(ALERT_TYPES), description(`one of ${ALERT_TYPES.join(", ")}`)),
  threshold_value: pipe(
    number(),
    minValue(Math.min(...ALL)),
    maxValue(Math.max(...ALL)),
    description(`a number from ${Math.min(...ALL)} to ${Math.max(...ALL)}`),
  ),
  threshold_direction: pipe(picklist(ALERT_DIRECTIONS), description(`one of ${ALERT_DIRECTIONS.join(", ")}`)),
};

function shown(row: Row): Row {
  const { ticker, status, alert_type, threshold_value, threshold_direction } = row;
  const { trigger_count, last_triggered_at = null, created_at } = row;
  return {
    id: idOf(row, "ALERT"),
    ...{ ticker, status, alert_type, threshold_value, threshold_direction },
    ...{ trigger_count, last_triggered_at, created_at },
  };
}

/** The user's alert rules. */
export async function listAlerts({ user }: UserCall): Promise<Answer> {
  const rows = await rowsOf(user.id, "ALERT");
  return { status: 200, body: { alerts: rows.map(shown) } };
}

/** Asks for a mail when a ticker crosses a threshold, which may be 0 (D13). */
export async function createAlert({ request, user }: UserCall): Promise<Answer> {
  const rule = readBody(request, ENTRIES);
  const [least, most] = THRESHOLDS[rule.alert_type];
  if (rule.threshold_value < least || rule.threshold_value > most) {
    const expected = `a number from ${least} to ${most} for this alert_type`;
    const errors = [{ field: "threshold_value", expected }];
    throw new Problem("invalid-request", `threshold_value must be ${expected}.`, { errors });
  }
  const created_at = new Date().toISOString();
  const row = await addRow(user, "ALERT", USER_LIMITS.alerts, {
    entity_type: "ALERT_RULE",
    status: "enabled",
    ...rule,
    trigger_count: 0,
    created_at,
    updated_at: created_at,
  });
  return { status: 201, body: shown(row) };
}
