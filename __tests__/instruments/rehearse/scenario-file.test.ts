import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readScenarios } from "../../../instruments/rehearse/scenario-file";
import type { ScenarioFile } from "../../../instruments/rehearse/scenario-schema";
import { InputError } from "../../../instruments/terraform-file";
import { customAlarm, job, rehearsed, stack } from "./stack";

type Scenario = ScenarioFile["scenarios"][number];

const directory = mkdtempSync(join(tmpdir(), "tracewright-scenarios-"));

function written(text: string): string {
  const file = join(directory, "scenarios.json");
  writeFileSync(file, text);
  return file;
}

const scenario = (rest: object): string =>
  written(
    JSON.stringify({
      scenarios: [{ id: "a", title: "A", kind: "fault", lastsSeconds: 60, effects: [], ...rest }],
    }),
  );

const fault = (select: Scenario["effects"][number]["select"], rest: Partial<Scenario> = {}): Scenario => ({
  id: "a-fault",
  title: "A fault",
  kind: "fault",
  lastsSeconds: 3600,
  effects: [{ do: "set", value: 1, select }],
  ...rest,
});

describe("a scenario file", () => {
  test("B1 the shipped one is valid and has at least twenty scenarios of both kinds", () => {
    const { scenarios } = readScenarios(undefined);
    expect(scenarios.filter((one) => one.kind === "fault").length).toBeGreaterThan(20);
    expect(scenarios.filter((one) => one.kind === "quiet").length).toBeGreaterThan(8);
    const unpromised = scenarios.filter((one) => one.promisedFrom !== undefined).map((one) => one.id);
    expect(unpromised).toEqual([]);
  });

  test.each([
    ["an unknown key", scenario, { colour: "red" }, /scenarios\.0\.colour: found an unknown key/],
    ["an unknown kind", scenario, { kind: "odd" }, /kind/],
    ["an unknown effect", scenario, { effects: [{ do: "explode", select: {} }] }, /effects\.0\.do/],
    [
      "a key an effect does not have",
      scenario,
      { effects: [{ do: "silent", value: 1, select: {} }] },
      /effects\.0\.value/,
    ],
    [
      "a share above one",
      scenario,
      { effects: [{ do: "errors", share: 2, select: {} }] },
      /share from 0 to 1/,
    ],
    ["a negative time", scenario, { lastsSeconds: -1 }, /0 or more seconds/],
    ["an id with blanks", scenario, { id: "a b" }, /joined by hyphens/],
    [
      "a value that is no number",
      scenario,
      { effects: [{ do: "set", value: "NaN", select: {} }] },
      /effects\.0\.value/,
    ],
  ])("B1 refuses %s", (_name, make, rest, message) => {
    expect(() => readScenarios(make(rest))).toThrow(InputError);
    expect(() => readScenarios(make(rest))).toThrow(message);
  });

  test.each([
    ["a truncated file", '{"scenarios": [', /not JSON at line 1/],
    ["NaN", '{"scenarios": NaN}', /not JSON/],
    [
      "infinity",
      '{"scenarios": [{"id": "a", "title": "A", "kind": "fault", "lastsSeconds": 1, "effects": [{"do": "set", "value": 1e999, "select": {}}]}]}',
      /from -2\^360 to 2\^360/,
    ],
    ["no scenario", '{"scenarios": []}', /found none/],
    ["no file", undefined, /no such file/],
  ])("B1 refuses %s", (_name, text, message) => {
    const file = text === undefined ? join(directory, "absent.json") : written(text);
    expect(() => readScenarios(file)).toThrow(InputError);
    expect(() => readScenarios(file)).toThrow(message);
  });

  test("B1 refuses two scenarios of one id", () => {
    const one = { id: "a", title: "A", kind: "quiet", lastsSeconds: 1, effects: [] };
    expect(() => readScenarios(written(JSON.stringify({ scenarios: [one, one] })))).toThrow(
      /two with the id a/,
    );
  });
});

describe("a scenario beside a file", () => {
  const terraform = stack([job()], customAlarm("bad", "BadOrders"));

  test("B1 that names a metric nothing watches is refused with near matches", () => {
    const run = () => rehearsed(terraform, [fault({ metric: "BadOrder" })]);
    expect(run).toThrow(InputError);
    expect(run).toThrow(/scenario a-fault: found the metric BadOrder, .*did you mean BadOrders/);
  });

  test("B1 that names a function that is not there is refused", () => {
    expect(() => rehearsed(terraform, [fault({ function: "jop" })])).toThrow(/did you mean job/);
  });

  test("B1 whose patterns match nothing is not applicable, and listed", () => {
    const { notApplicable, rows } = rehearsed(terraform, [fault({ metric: "*Refund*" })]);
    expect(rows).toEqual([]);
    expect(notApplicable).toMatchObject([
      { id: "a-fault", why: expect.stringContaining("no watched metric") },
    ]);
  });

  test("B1 is repeated for every function and metric it is about", () => {
    const each: Scenario = { ...fault({ function: "$each" }), each: { function: {} } };
    const metric: Scenario = { ...fault({}), id: "b", each: { metric: { source: "custom" } } };
    const { rows } = rehearsed(terraform, [each, metric]);
    expect(rows.map((row) => row.scenario.id)).toEqual(["a-fault:job", "b:BadOrders"]);
  });

  test("B1 $each needs something to stand for", () => {
    expect(() => rehearsed(terraform, [fault({ function: "$each" })])).toThrow(/\$each/);
  });
});
