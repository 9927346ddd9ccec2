import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { InputError, readJson } from "../terraform-file";
import { type BaselineSeries, MAX_BASELINE_BYTES } from "./baseline";
import { CSV_HEADER, csvBaseline } from "./csv";
import { JSON_WORDS, jsonBaseline } from "./json";

const EXPECTED = `a baseline: CSV with the header ${CSV_HEADER}, or JSON ${JSON_WORDS}`;
const NEXT_STEP = "tracewright calibrate --help shows both forms";

/** The first bytes of a file, enough to tell JSON from CSV. */
function opening(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(64);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes
      .toString("utf8", 0, length)
      .replace(/^\uFEFF/, "")
      .trimStart();
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads a baseline file; JSON is told from CSV by its first character.
 *
 * @throws InputError when it is missing, larger than {@link MAX_BASELINE_BYTES}, empty or malformed; with file and line
 */
export function readBaseline(file: string): readonly BaselineSeries[] {
  try {
    const { size } = statSync(file);
    if (size > MAX_BASELINE_BYTES) {
      throw new InputError(
        file,
        `${Math.round(size / 1024 / 1024)} MiB`,
        `at most ${MAX_BASELINE_BYTES / 1024 / 1024} MiB`,
        "give the metrics that alarms watch, at one datapoint a minute, or fewer days",
      );
    }
    const first = opening(file);
    if (first === "") throw new InputError(file, "an empty file", EXPECTED, NEXT_STEP);
    if (/^[{[]/.test(first)) return jsonBaseline(file, readJson(file, EXPECTED, NEXT_STEP));
    return csvBaseline(file, readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new InputError(file, code === "ENOENT" ? "no such file" : code, EXPECTED, NEXT_STEP);
  }
}
