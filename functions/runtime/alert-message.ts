import {
  finite,
  type GenericSchema,
  isoTimestamp,
  literal,
  number,
  object,
  picklist,
  pipe,
  regex,
  string,
} from "valibot";
import { ALERT_DIRECTIONS, ALERT_TYPES, type AlertMessage } from "../../contract/mail";

/** An id that can be part of a key without reaching another row. */
const id = pipe(string(), regex(/^[\w-]{1,128}$/));

/** A ticker: short, and on one line. It may still hold markup. */
const ticker = pipe(string(), regex(/^[^\s\p{Cc}]{1,32}$/u));

/** Any number, 0 included (D13); what is too large for one arrives from JSON as infinity. */
const value = pipe(number(), finite());

/** Fields that an alert rule and the message about it have in common, by their name in the message. */
export const ALERT_FIELDS = {
  user_id: id,
  alert_id: id,
  ticker,
  alert_type: picklist(ALERT_TYPES),
  threshold_direction: picklist(ALERT_DIRECTIONS),
  threshold: value,
} as const;

/** The message of analysis to notification, which each side checks against the same bounds. */
export const AlertMessageSchema: GenericSchema<unknown, AlertMessage> = object({
  ...ALERT_FIELDS,
  notification_type: literal("alert"),
  triggered_value: value,
  triggered_at: pipe(string(), isoTimestamp()),
});
