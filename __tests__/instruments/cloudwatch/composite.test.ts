import fc from "fast-check";
import {
  type Alarm,
  type AlarmState,
  evaluateAlarms,
  type MetricAlarm,
  type SetEntry,
} from "../../../instruments/cloudwatch";
import { alarmsIn, holds, parseRule } from "../../../instruments/cloudwatch/rule";
import type { Suppressor } from "../../../instruments/cloudwatch/suppression";
import { alarmOf, dataOf, MINUTE, minutes, RUNS, T0, title } from "./support";

describe("rules", () => {
  const states: Readonly<Record<string, AlarmState>> = { a: "ALARM", b: "OK", "c d": "INSUFFICIENT_DATA" };
  const truth = (rule: string) => {
    const parsed = parseRule(rule);
    return parsed.kind === "could-not-evaluate" ? parsed : holds(parsed, (name) => states[name] ?? "OK");
  };
  it.each([
    ["ALARM(a)", true],
    ['ALARM("a") AND OK("b")', true],
    ["NOT ALARM(a) OR NOT OK(b)", false],
    ["INSUFFICIENT_DATA('c d')", true],
    ["TRUE", true],
    ["False", false],
    ["OK(a) OR OK(b) AND ALARM(b)", false],
    ["(OK(a) OR OK(b)) AND NOT (ALARM(b) OR FALSE)", true],
    ["ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a)", true],
    ["\n ALARM ( a )\n", true],
  ])("%s is %p", (rule, expected) => {
    expect(truth(rule)).toBe(expected);
  });

  const refused: [string, string, number | undefined][] = [
    ["", "end of rule", 1],
    ["ALARM(a) AND", "end of rule", 13],
    ["ALARM(a) ALARM(b)", "ALARM", 10],
    ["ALARM a", "a", 7],
    ["ALARM(", "ALARM", 6],
    ["ALARM()", "ALARM", 6],
    ["(ALARM(a)", "end of rule", 10],
    ["AT_LEAST(2, ALARM, (a, b))", "AT_LEAST", 1],
    ["alarm(a)", "alarm", 1],
    ["ALARM(a) && OK(b)", "&", 10],
    ["(".repeat(5000), "rule", 202],
    ["NOT ".repeat(2000), "rule", 805],
    ["TRUE OR ".repeat(2000), "rule", undefined],
  ];
  it.each(refused.map((row) => [title(row[0]), ...row] as const))(
    "%s is refused",
    (_title, rule, what, column) => {
      const parsed = parseRule(rule);
      expect(parsed).toMatchObject({ kind: "could-not-evaluate", what });
      expect("column" in parsed ? parsed.column : undefined).toBe(column);
    },
  );

  type Tree = { leaf: string } | { not: Tree } | { op: "AND" | "OR"; left: Tree; right: Tree };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.record({ leaf: fc.constantFrom("ALARM(a)", "OK(a)", "ALARM(b)", 'OK("b")', "TRUE", "FALSE") }),
      fc.record({ not: tie("tree") }),
      fc.record({
        op: fc.constantFrom("AND" as const, "OR" as const),
        left: tie("tree"),
        right: tie("tree"),
      }),
    ),
  }));
  const text = (node: Tree): string => {
    if ("leaf" in node) return node.leaf;
    return "not" in node ? `NOT (${text(node.not)})` : `(${text(node.left)} ${node.op} ${text(node.right)})`;
  };
  const meaning = (node: Tree): boolean => {
    if ("leaf" in node) return ["ALARM(a)", 'OK("b")', "TRUE"].includes(node.leaf);
    if ("not" in node) return !meaning(node.not);
    return node.op === "AND"
      ? meaning(node.left) && meaning(node.right)
      : meaning(node.left) || meaning(node.right);
  };
  it("B4 a random rule means what its tree means", () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(truth(text(node))).toBe(meaning(node));
      }),
      RUNS,
    );
  });

  it("names each alarm once", () => {
    const parsed = parseRule("ALARM(a) AND (OK(b) OR ALARM(a))");
    expect(parsed.kind === "could-not-evaluate" ? [] : alarmsIn(parsed)).toEqual(["a", "b"]);
  });
});

describe("sets of alarms", () => {
  const composite = (name: string, rule: string, suppressor?: Suppressor): Alarm => ({
    name,
    signal: { kind: "composite", rule, ...(suppressor === undefined ? {} : { suppressor }) },
  });
  const metric = (name: string, threshold: number): MetricAlarm =>
    alarmOf({ name, threshold, evaluationPeriods: 1, datapointsToAlarm: 1 });
  const data = dataOf(minutes([0, 3, 8, 8, 3, 0, 0, 0]));
  const run = (...alarms: Alarm[]) => evaluateAlarms(alarms, data, { startMs: T0, endMs: T0 + 8 * MINUTE });
  const entry = (set: ReturnType<typeof run>, name: string): SetEntry => {
    const found = set.get(name);
    if (found === undefined || "kind" in found) throw new Error(`${name}: ${JSON.stringify(found)}`);
    return found;
  };
  const timeline = (set: ReturnType<typeof run>, name: string) =>
    entry(set, name).history.transitions.map(({ timeMs, to }) => [(timeMs - T0) / MINUTE, to]);

  it("a composite follows its children, in whatever order they are given", () => {
    const alarms = [
      composite("top", 'ALARM("both") OR FALSE'),
      composite("both", "ALARM(low) AND ALARM(high)"),
      metric("low", 2),
      metric("high", 5),
    ];
    const set = run(...alarms);
    expect(timeline(set, "low")).toEqual([
      [1, "OK"],
      [2, "ALARM"],
      [6, "OK"],
    ]);
    const expected = [
      [0, "OK"],
      [3, "ALARM"],
      [5, "OK"],
    ];
    expect(timeline(set, "both")).toEqual(expected);
    expect(timeline(set, "top")).toEqual(expected);
    expect(timeline(run(...alarms.reverse()), "top")).toEqual(expected);
  });

  it("children that change in the same minute are one change", () => {
    const set = run(metric("x", 5), composite("never", "ALARM(x) AND OK(y)"), metric("y", 5));
    expect(timeline(set, "never")).toEqual([[0, "OK"]]);
  });

  it("a suppressor in the set delays the page", () => {
    const suppressor = { alarm: "low", waitSeconds: 60, extensionSeconds: 120 };
    const set = run(metric("low", 2), metric("high", 5), composite("page", "ALARM(high)", suppressor));
    expect(timeline(set, "page")).toEqual([
      [0, "OK"],
      [3, "ALARM"],
      [5, "OK"],
    ]);
    const { actions } = entry(set, "page");
    expect(actions.map(({ timeMs, state }) => [(timeMs - T0) / MINUTE, state])).toEqual([
      [1, "OK"],
      [8, "OK"],
    ]);
  });

  it("spells out a cycle, refuses what stands on it, and still evaluates the rest", () => {
    const set = run(
      composite("on-top", "ALARM(a)"),
      composite("a", "ALARM(b)"),
      composite("b", "NOT ALARM(c)"),
      composite("c", "OK(a)"),
      composite("self", "ALARM(self)"),
      metric("fine", 5),
    );
    expect(set.get("a")).toMatchObject({ why: "is in a cycle of composite alarms: a -> b -> c -> a" });
    expect(set.get("c")).toMatchObject({ kind: "could-not-evaluate", what: "c" });
    expect(set.get("self")).toMatchObject({ why: "is in a cycle of composite alarms: self -> self" });
    expect(set.get("on-top")).toMatchObject({ kind: "could-not-evaluate", what: "a" });
    expect(timeline(set, "fine")).toHaveLength(3);
  });

  it("names unknown children and suppressors, broken rules and doubled names", () => {
    const set = run(
      composite("lost", "ALARM(nobody)"),
      composite("broken", "ALARM(fine"),
      composite("above", "ALARM(broken)"),
      composite("muted", "ALARM(fine)", { alarm: "ghost", waitSeconds: 1, extensionSeconds: 1 }),
      composite("negative", "ALARM(fine)", { alarm: "fine", waitSeconds: -1, extensionSeconds: 1 }),
      metric("fine", 5),
      metric("twin", 5),
      metric("twin", 6),
    );
    expect(set.get("lost")).toMatchObject({ what: "nobody", why: "is in the rule and not among the alarms" });
    expect(set.get("broken")).toMatchObject({ kind: "could-not-evaluate", column: 6 });
    expect(set.get("above")).toMatchObject({ what: "broken" });
    expect(set.get("muted")).toMatchObject({ what: "ghost" });
    expect(set.get("negative")).toMatchObject({ what: "waitSeconds" });
    expect(set.get("twin")).toMatchObject({ why: "is the name of two alarms" });
  });

  it("a chain of 5,000 composites does not exhaust the stack", () => {
    const chain = Array.from({ length: 5_000 }, (_value, i) =>
      composite(`n${i}`, i === 4_999 ? "ALARM(base)" : `ALARM(n${i + 1})`),
    );
    const set = run(...chain, metric("base", 5));
    expect(timeline(set, "n0")).toEqual([
      [0, "OK"],
      [3, "ALARM"],
      [5, "OK"],
    ]);
  });
});
