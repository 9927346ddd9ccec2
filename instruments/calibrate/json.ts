import * as v from "valibot";
import { complaint } from "../knowledge-file";
import { InputError } from "../terraform-file";
import { type BaselinePoint, type BaselineSeries, TIMESTAMP_WORDS, timestampOf } from "./baseline";

const name = v.pipe(v.string(), v.minLength(1, "a text of one character or more"));

const FILE = v.strictObject({
  series: v.array(
    v.strictObject({
      namespace: name,
      metric: name,
      dimensions: v.record(v.string(), name),
      datapoints: v.array(v.unknown()),
    }),
  ),
});

/** The shape of a baseline in JSON, for messages. */
export const JSON_WORDS =
  '{"series": [{"namespace", "metric", "dimensions": {}, "datapoints": [[time, value], …]}]}';
const NEXT_STEP = `write ${JSON_WORDS}`;

function pointOf(file: string, place: string, pair: unknown): BaselinePoint {
  const wrong = (found: string, expected: string): never => {
    throw new InputError(`${file}: ${place}`, found, expected, NEXT_STEP);
  };
  if (!Array.isArray(pair) || pair.length !== 2)
    return wrong(JSON.stringify(pair)?.slice(0, 60) ?? "nothing", "[time, value]");
  const timestamp = timestampOf(pair[0]);
  if (timestamp === undefined)
    return wrong(`the timestamp ${JSON.stringify(pair[0])?.slice(0, 60)}`, TIMESTAMP_WORDS);
  const value: unknown = pair[1];
  if (typeof value !== "number" || !Number.isFinite(value))
    return wrong(`the value ${JSON.stringify(value)?.slice(0, 60)}`, "a finite number");
  return { timestamp, value, place };
}

/**
 * Reads a parsed baseline in JSON.
 *
 * @param file named in messages
 * @throws InputError naming file and key
 */
export function jsonBaseline(file: string, parsed: unknown): readonly BaselineSeries[] {
  const result = v.safeParse(FILE, parsed);
  if (!result.success) throw complaint(file, result.issues[0], NEXT_STEP);
  return result.output.series.map(({ namespace, metric, dimensions, datapoints }, i) => ({
    metric: { namespace, name: metric, dimensions },
    place: `series.${i}`,
    points: datapoints.map((pair, k) => pointOf(file, `series.${i}.datapoints.${k}`, pair)),
  }));
}
