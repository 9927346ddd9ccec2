import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Terminal } from "../../../instruments/cli/terminal";
import { rehearseCommand } from "../../../instruments/rehearse/command";
import { InputError } from "../../../instruments/terraform-file";
import type { JsonObject } from "../../../policies/terraform/model";
import { customAlarm, job, known, lambdaAlarm, merged } from "./stack";

const directory = mkdtempSync(join(tmpdir(), "tracewright-rehearse-"));

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const alarms = (...each: readonly JsonObject[]) => ({
  resource: merged(job(), ...each.map((one) => ({ aws_cloudwatch_metric_alarm: one }))),
});
const good = file("good.json", alarms(customAlarm("bad", "Bad")));
const knowledge = file("knowledge.json", known("Bad"));
const scenarios = file("scenarios.json", {
  scenarios: [
    {
      id: "bad-orders",
      title: "Bad orders",
      kind: "fault",
      lastsSeconds: 600,
      effects: [{ do: "set", value: 1, select: { metric: "Bad" } }],
    },
  ],
});

function run(...args: readonly string[]) {
  const out: string[] = [];
  const progress: string[] = [];
  const terminal: Terminal = {
    width: 100,
    out: (text) => void out.push(text),
    progress: (text) => void progress.push(text),
    paint: (_style, text) => text,
  };
  const before = process.exitCode;
  try {
    rehearseCommand(terminal)
      .exitOverride()
      .parse([...args], { from: "user" });
    return { code: process.exitCode, out: out.join("\n"), progress };
  } finally {
    process.exitCode = before;
  }
}

describe("tracewright rehearse", () => {
  test("B1 prints the matrix and one line of sums, and exits 0", () => {
    const { code, out } = run(good, "--scenarios", scenarios, "--knowledge", knowledge);
    expect(code).toBe(0);
    expect(out).toMatch(/bad-orders +2 min +bad/);
    expect(out).toContain(
      "1 of 1 alarm can fire, 0 cannot, 0 could not be evaluated; 1 of 1 promised fault detected",
    );
  });

  test("B1 names the alarm that cannot fire and why, and exits 1", () => {
    const broken = file("broken.json", alarms(customAlarm("bad", "Bad"), lambdaAlarm("never", "Mistakes")));
    const { code, out } = run(broken, "--scenarios", scenarios);
    expect(code).toBe(1);
    expect(out).toContain(
      "never (aws_cloudwatch_metric_alarm.never)\n      AWS publishes no metric AWS/Lambda Mistakes",
    );
  });

  test("A5 --json is the same twice and holds every alarm and scenario", () => {
    const first = run(good, "--scenarios", scenarios, "--json").out;
    expect(run(good, "--scenarios", scenarios, "--json").out).toBe(first);
    expect(JSON.parse(first)).toMatchObject({
      sums: { fire: 1, detected: 1 },
      alarms: [{ name: "bad", kind: "fires" }],
      scenarios: [{ id: "bad-orders", result: "detected", firstPageSeconds: 120, pages: { bad: 120 } }],
    });
  });

  test("A5 --html writes one page whose text from the file is escaped", () => {
    const hostile = '<script>alert("x")</script>\u0007';
    const bad = file("hostile.json", alarms(customAlarm("bad", "Bad", { alarm_name: hostile })));
    const html = join(directory, "page.html");
    run(bad, "--scenarios", scenarios, "--html", html);
    const page = readFileSync(html, "utf8");
    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    expect(page).not.toMatch(/<script|\p{Cc}(?<!\n)|https?:\/\//u);
  });

  test("B1 what is assumed without knowledge is said, once, and is no pass", () => {
    const { code, out } = run(good, "--scenarios", scenarios);
    expect(code).toBe(3);
    expect(out.match(/assumed: something emits Shop\/App Bad \(1 alarm\)/g)).toHaveLength(1);
    expect(out).toMatch(/bad-orders +2 min +bad, assumed/);
    expect(out).toContain("1 thing assumed");
    expect(JSON.parse(run(good, "--scenarios", scenarios, "--json").out)).toMatchObject({
      sums: { assumed: 1 },
      assumptions: [{ assumed: "something emits Shop/App Bad", alarms: ["bad"] }],
      scenarios: [{ result: "detected", assumed: true }],
    });
  });

  test("B1 knowledge of a function whose name is a slip is refused with the name that is meant", () => {
    const slip = file("slip.json", { functions: { jbo: { emits: [] } } });
    expect(() => run(good, "--scenarios", scenarios, "--knowledge", slip)).toThrow(
      /slip.json: functions.jbo: found a function the Terraform file does not have; .* did you mean job/,
    );
    const elsewhere = file("elsewhere.json", { functions: { "billing-report": { emits: [] } } });
    expect(run(good, "--scenarios", scenarios, "--knowledge", elsewhere).code).toBe(3);
  });

  test("B1 scenarios that are not applicable are counted with their reason, and listed on demand", () => {
    const absent = ["one", "two"].map((id) => ({
      id,
      title: id,
      kind: "fault",
      lastsSeconds: 600,
      effects: [{ do: "silent", select: { metric: "*Nothing*" } }],
    }));
    const many = file("many.json", { scenarios: absent });
    const folded = run(good, "--scenarios", many).out;
    expect(folded).toContain("2 scenarios: no watched metric of this file matches; --verbose lists them");
    expect(folded).not.toMatch(/^ {2}one /m);
    expect(run(good, "--scenarios", many, "--verbose").out).toMatch(/^ {2}one +no watched metric/m);
  });

  test("B1 control characters of the file do not reach the terminal", () => {
    const bad = file("bell.json", alarms(customAlarm("bad", "Bad", { alarm_name: "b\u001b[31mad" })));
    expect(run(bad, "--scenarios", scenarios).out).not.toContain("\u001b");
  });

  test.each([
    ["a truncated file", '{"resource": {', /not JSON at line 1/],
    ["an empty file", "", /an empty file/],
    ["a file without alarms", { resource: job() }, /no CloudWatch alarm/],
    ["a file of another kind", { hello: 1 }, /an object with hello/],
  ])("B1 refuses %s", (_name, content, message) => {
    const path = file("refused.json", content);
    expect(() => run(path)).toThrow(InputError);
    expect(() => run(path)).toThrow(message);
  });

  test.each([
    ["--tier", "huge", /Allowed choices are essential, standard, full/],
    ["--lag", "soon", /whole seconds from 0 to 86400/],
  ])("B1 refuses %s %s", (option, value, message) => {
    const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(() => run(good, option, value)).toThrow(message);
    write.mockRestore();
  });
});
