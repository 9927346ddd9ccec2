import { metricKey } from "../cloudwatch";
import { InputError } from "../terraform-file";
import { type BaselinePoint, type BaselineSeries, TIMESTAMP_WORDS, timestampOf } from "./baseline";

/** The first line of a baseline in CSV. */
export const CSV_HEADER = "timestamp,namespace,metric,dimensions,value";

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const FIELD = /("(?:[^"]|"")*"|[^",]*)(,|$)/y;
const SHOWN = 60;

/** The fields of one line, quoted ones without their quotes; `undefined` when the quotes do not match. */
function fieldsOf(line: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(",");
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const match = FIELD.exec(line);
    if (match === null) return undefined;
    const [, raw = "", end] = match;
    fields.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === "") return fields;
  }
}

function dimensionsOf(text: string): Record<string, string> | undefined {
  const dimensions: Record<string, string> = {};
  for (const pair of text === "" ? [] : text.split(";")) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, Math.max(at, 0));
    if (at < 1 || at === pair.length - 1 || Object.hasOwn(dimensions, key)) return undefined;
    dimensions[key] = pair.slice(at + 1);
  }
  return dimensions;
}

/** Control characters of a file must not reach a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

/**
 * Reads a baseline in CSV: {@link CSV_HEADER}, then one datapoint a line, dimensions as `Key=Value;Key=Value`.
 *
 * @param file named in messages
 * @throws InputError naming file and line
 */
export function csvBaseline(file: string, source: string): readonly BaselineSeries[] {
  const lines = source.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  const wrong = (line: number, found: string, expected: string): never => {
    const next = `compare the line with: ${CSV_HEADER}`;
    throw new InputError(`${file}: line ${line}`, found, expected, next);
  };
  const header = lines[0] ?? "";
  if (header !== CSV_HEADER) wrong(1, quoted(header), `the header ${CSV_HEADER}`);
  if (lines.at(-1) !== "") {
    wrong(lines.length, "a last line without a line break", "a whole file; this one may have been cut off");
  }
  const found = new Map<string, BaselineSeries & { readonly points: BaselinePoint[] }>();
  /** Most lines repeat a metric: its text is read once. */
  const byText = new Map<string, BaselineSeries & { readonly points: BaselinePoint[] }>();
  for (let i = 1; i < lines.length - 1; i++) {
    const line = i + 1;
    const fields = fieldsOf(lines[i] as string);
    if (fields === undefined || fields.length !== 5) {
      const what = fields === undefined ? "quotes that do not match" : `${fields.length} fields`;
      wrong(line, what, "5 fields");
      continue;
    }
    const [time, namespace, name, written, number] = fields as [string, string, string, string, string];
    const timestamp = timestampOf(time) ?? wrong(line, `the timestamp ${quoted(time)}`, TIMESTAMP_WORDS);
    const value = Number(number);
    if (!NUMBER.test(number) || !Number.isFinite(value))
      wrong(line, `the value ${quoted(number)}`, "a finite number");
    const text = JSON.stringify([namespace, name, written]);
    let series = byText.get(text);
    if (series === undefined) {
      if (namespace === "" || name === "") wrong(line, "no namespace or no metric", "both");
      const dimensions =
        dimensionsOf(written) ?? wrong(line, `the dimensions ${quoted(written)}`, "Key=Value;Key=Value");
      const metric = { namespace, name, dimensions };
      series = found.get(metricKey(metric)) ?? { metric, points: [], place: `line ${line}` };
      found.set(metricKey(metric), series);
      byText.set(text, series);
    }
    series.points.push({ timestamp, value, place: `line ${line}` });
  }
  return [...found.values()];
}
