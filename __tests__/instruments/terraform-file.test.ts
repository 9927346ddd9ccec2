import { mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, readTerraform, terraformModel } from "../../instruments/terraform-file";
import { FIXTURE_PLANS } from "../support/fixture-plans";

const scratch = mkdtempSync(join(tmpdir(), "tracewright-files-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function file(content: string): string {
  const path = join(scratch, "input.json");
  writeFileSync(path, content);
  return path;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("was not refused");
}

const aws = { resource: { aws_sns_topic: { t: { name: "t" } } } };

describe("reading Terraform JSON", () => {
  test("plan, state and configuration are told apart", () => {
    expect(readTerraform(join(FIXTURE_PLANS, "several-modules", "plan.json")).source).toBe("plan");
    expect(readTerraform(file(JSON.stringify(aws))).source).toBe("configuration");
    const resources = [{ address: "aws_sns_topic.t", mode: "managed", type: "aws_sns_topic", values: {} }];
    const state = { format_version: "1.0", values: { root_module: { resources } } };
    expect(readTerraform(file(JSON.stringify(state))).source).toBe("state");
  });

  test("a byte order mark is no error", () => {
    expect(readTerraform(file(`\uFEFF${JSON.stringify(aws)}`)).resources).toHaveLength(1);
  });

  test.each([
    ["truncated", '{\n  "format_version": "1.2",\n  "resource_cha', "line 3, column"],
    ["no JSON", "Plan: 3 to add", "line 1, column 1"],
    ["empty", "", "an empty file"],
    ["blank", " \n", "an empty file"],
  ])("a %s file is refused with the place", (_title, content, place) => {
    const message = refusal(() => readTerraform(file(content)));
    expect(message).toContain(join(scratch, "input.json"));
    expect(message).toContain(place);
    expect(message).toContain("Next step: terraform plan -out=p");
  });

  test("a file of 200 MB is refused before it is read", () => {
    const path = join(scratch, "huge.json");
    openSync(path, "w");
    truncateSync(path, 200 * 1024 * 1024);
    const started = performance.now();
    expect(refusal(() => readTerraform(path))).toContain("found 200 MiB; expected at most 128 MiB");
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("a missing file and a directory are refused", () => {
    expect(refusal(() => readTerraform(join(scratch, "none.json")))).toContain("found no such file");
    expect(refusal(() => readTerraform(scratch))).toContain("EISDIR");
  });

  test.each([
    [
      "another provider",
      { resource: { google_pubsub_topic: { t: {} } } },
      "only resources of other providers (google_pubsub_topic)",
    ],
    ["no resource", { resource: {} }, "found no resource"],
    ["an unknown format version", { format_version: "2.0", resource_changes: [] }, 'format_version "2.0"'],
    ["a format version that is no text", { format_version: { a: 1 } }, 'format_version {"a":1}'],
    [
      "a plan that ended with errors",
      { format_version: "1.2", errored: true },
      "a plan that ended with errors",
    ],
    ["an empty state", { format_version: "1.0" }, "a state without values"],
    ["a raw state file", { version: 4, resources: [] }, "a raw state file"],
    ["something else", { hello: 1, world: 2 }, "an object with hello, world"],
    ["a list", [], "no JSON object"],
    ["null", null, "no JSON object"],
  ])("%s is refused", (_title, parsed, found) => {
    const message = refusal(() => terraformModel(parsed, "mine.json"));
    expect(message).toContain("mine.json: found");
    expect(message).toContain(found);
    expect(message).toMatch(/; expected .+\. Next step: .+\.$/);
  });

  test("a plan is completed by a configuration only", () => {
    const plan = join(FIXTURE_PLANS, "several-modules", "plan.json");
    expect(refusal(() => readTerraform(plan, plan))).toContain("found a plan; expected a JSON configuration");
  });

  test("shapes nobody writes never crash the reader", () => {
    const shapes: unknown[] = [
      { format_version: "1.2", resource_changes: [null, 1, {}, { address: 3, change: null, type: "aws_x" }] },
      { format_version: "1.0", values: { root_module: { resources: [null, {}], child_modules: [null, 5] } } },
      { resource: { aws_sns_topic: { t: null, u: [], v: [{ name: "v" }] }, aws_x: null } },
      { format_version: "1.2", resource_changes: [{ type: "aws_x", address: "aws_x.y" }], configuration: 7 },
    ];
    for (const shape of shapes) {
      try {
        terraformModel(shape, "odd.json");
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});
