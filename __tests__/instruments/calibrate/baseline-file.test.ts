import { openSync, truncateSync } from "node:fs";
import { metricDataOf } from "../../../instruments/calibrate/baseline";
import { readBaseline } from "../../../instruments/calibrate/baseline-file";
import { InputError } from "../../../instruments/terraform-file";
import { written } from "./baselines";

const HEADER = "timestamp,namespace,metric,dimensions,value\n";
const ROW = "2026-11-01T00:00:00Z,AWS/Lambda,Duration,FunctionName=f,1\n";

function refusal(content: string, name = "baseline.csv"): string {
  const file = written(content, name);
  try {
    metricDataOf(file, readBaseline(file));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("the baseline was accepted");
}

function series(datapoints: unknown): string {
  return JSON.stringify({
    series: [{ namespace: "AWS/Lambda", metric: "Duration", dimensions: {}, datapoints }],
  });
}

describe("ALM-5 a baseline", () => {
  test("in CSV and in JSON reads the same", () => {
    const quoted = '2026-11-01T00:01:00+00:00,AWS/Lambda,Duration,"FunctionName=f",2.5\r\n';
    const fromCsv = readBaseline(written(`\uFEFF${HEADER}${ROW}${quoted}`));
    const json = {
      series: [
        {
          namespace: "AWS/Lambda",
          metric: "Duration",
          dimensions: { FunctionName: "f" },
          datapoints: [
            ["2026-11-01T00:00:00Z", 1],
            [Date.parse("2026-11-01T00:01:00Z"), 2.5],
          ],
        },
      ],
    };
    const fromJson = readBaseline(written(JSON.stringify(json), "baseline.json"));
    const plain = (of: typeof fromCsv) =>
      of.map(({ metric, points }) => [metric, points.map(({ timestamp, value }) => [timestamp, value])]);
    expect(plain(fromCsv)).toEqual(plain(fromJson));
  });

  test.each([
    ["a missing column", `${HEADER}2026-11-01T00:00:00Z,AWS/Lambda,Duration,1\n`, "line 2: found 4 fields"],
    ["another header", "time,value\n1,2\n", 'line 1: found "time,value"'],
    ["NaN", HEADER + ROW.replace(",1\n", ",NaN\n"), 'line 2: found the value "NaN"'],
    ["an infinite value", HEADER + ROW.replace(",1\n", ",1e999\n"), 'line 2: found the value "1e999"'],
    ["no value", HEADER + ROW.replace(",1\n", ",\n"), 'line 2: found the value ""'],
    ["a value CloudWatch rejects", HEADER + ROW.replace(",1\n", ",1e200\n"), "line 2: found datapoint 0"],
    [
      "a time without zone",
      HEADER + ROW.replace("Z", ""),
      'line 2: found the timestamp "2026-11-01T00:00:00"',
    ],
    ["seconds", HEADER + ROW.replace("2026-11-01T00:00:00Z", "1793491200"), "line 2: found the timestamp"],
    ["a time twice", HEADER + ROW + ROW, "line 3: found 2026-11-01T00:00:00.000Z a second time"],
    [
      "disorder",
      HEADER + ROW + ROW.replace("2026-11", "2026-10"),
      "line 3: found 2026-10-01T00:00:00.000Z after",
    ],
    [
      "bad dimensions",
      HEADER + ROW.replace("FunctionName=f", "FunctionName"),
      "line 2: found the dimensions",
    ],
    ["open quotes", HEADER + ROW.replace("FunctionName=f", '"Function'), "line 2: found quotes"],
    ["a file cut off", (HEADER + ROW + ROW).slice(0, -1), "line 3: found a last line without a line break"],
    ["nothing but the header", HEADER, "found no datapoint"],
    ["nothing", "", "found an empty file"],
    ["control characters", "\u001b[31m\n", 'line 1: found "\\u001b[31m"'],
  ])("with %s is refused by file and line", (_name, content, found) => {
    expect(refusal(content)).toContain(found);
  });

  test.each([
    ["NaN as null", series([[1793491200000, null]]), "series.0.datapoints.0: found the value null"],
    ["a pair too short", series([[1793491200000]]), "series.0.datapoints.0: found [1793491200000]"],
    [
      "disorder",
      series([
        [1793491260000, 1],
        [1793491200000, 1],
      ]),
      "series.0.datapoints.1: found",
    ],
    ["no list", series(3), "series.0.datapoints"],
    ["an unknown key", '{"series": [], "x": 1}', "x: found an unknown key"],
    ["a cut", series([[1793491200000, 1]]).slice(0, -5), "text that is not JSON at line 1"],
    ["no series", '{"series": []}', "found no datapoint"],
  ])("in JSON with %s is refused by file and key", (_name, content, found) => {
    expect(refusal(content, "baseline.json")).toContain(found);
  });

  test("of 200 MB is refused by its size", () => {
    const file = written("");
    openSync(file, "r+");
    truncateSync(file, 200_000_000);
    expect(() => readBaseline(file)).toThrow(`${file}: found 191 MiB; expected at most 128 MiB`);
  });

  test("that is not there is refused", () => {
    expect(() => readBaseline("/nowhere/b.csv")).toThrow("/nowhere/b.csv: found no such file");
  });
});
