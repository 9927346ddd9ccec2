import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { imageOnly } from "../../../tooling/pipeline/image-only";

const ROOT = resolve(__dirname, "..", "..", "..");
const FIXTURE = join(ROOT, "__tests__", "fixtures", "going-back.plan.json");

const RECORD = v.record(v.string(), v.any());
const PLAN = v.looseObject({
  resource_changes: v.tuple([
    v.looseObject({
      address: v.string(),
      change: v.looseObject({
        actions: v.array(v.string()),
        before: RECORD,
        after: RECORD,
        after_unknown: RECORD,
      }),
    }),
  ]),
});

/** What Terraform 1.11 planned for another image of the function, after the kill switch. */
const back = () => v.parse(PLAN, JSON.parse(readFileSync(FIXTURE, "utf8")));
type Plan = ReturnType<typeof back>;
type Change = Plan["resource_changes"][0]["change"];
const FUNCTION = back().resource_changes[0].address;

const edited = (edit: (change: Change) => void): Plan => {
  const plan = back();
  edit(plan.resource_changes[0].change);
  return plan;
};
const setVariable = ({ environment }: Change["after"], name: string, value: string): void => {
  environment[0].variables[name] = value;
};
const beside = (type: string, actions: readonly string[], values: object = {}) => ({
  ...back(),
  resource_changes: [
    ...back().resource_changes,
    { address: `${type}.other`, type, change: { actions, before: values, after: values, after_unknown: {} } },
  ],
});

describe("DEP-4 going back", () => {
  test("another image is all that changes; the kill switch's variable returns, Lambda tells when", () => {
    expect(imageOnly(back(), "dev")).toEqual({ changesImage: true, others: [] });
  });

  test("what stays, and what is only read, is no change", () => {
    expect(imageOnly(beside("aws_lambda_function", ["no-op"]), "dev").others).toEqual([]);
    expect(imageOnly(beside("aws_iam_policy_document", ["read"]), "dev").others).toEqual([]);
  });

  test("the same image changes nothing", () => {
    const plan = edited((change) => {
      change.actions = ["no-op"];
    });
    expect(imageOnly(plan, "dev")).toEqual({ changesImage: false, others: [] });
  });

  test.each([
    [
      "another function is updated",
      beside("aws_lambda_function", ["update"], { function_name: "dev-sentiment-ingestion" }),
    ],
    ["a resource is made", beside("aws_sqs_queue", ["create"])],
    ["a resource goes", beside("aws_sqs_queue", ["delete"])],
    ["a resource leaves the state", beside("aws_sqs_queue", ["forget"])],
  ])("%s: refused, and the image is still told of", (_title, plan) => {
    const { changesImage, others } = imageOnly(plan, "dev");
    expect([changesImage, others.length]).toEqual([true, 1]);
    expect(others[0]).toMatch(/^aws_\w+\.other: (?:update|create|delete|forget)$/);
  });

  test.each<[string, (change: Change) => void, string]>([
    ["more memory", ({ after }) => Object.assign(after, { memory_size: 2048 }), "memory_size"],
    ["another tag", ({ after }) => Object.assign(after, { tags: { "deploy-sha": "def" } }), "tags"],
    ["a variable more", ({ after }) => setVariable(after, "MORE", "1"), "environment variable MORE"],
    [
      "another value of a variable",
      ({ after }) => setVariable(after, "DEPLOYMENT_VERSION", "def"),
      "environment variable DEPLOYMENT_VERSION",
    ],
    [
      "a role known after apply",
      ({ after_unknown }) => Object.assign(after_unknown, { role: true }),
      "role, known after apply",
    ],
    [
      "variables known after apply",
      ({ after_unknown }) =>
        Object.assign(after_unknown, { environment: [{ variables: { USERS_TABLE: true } }] }),
      "environment, known after apply",
    ],
    [
      "the function made anew",
      (change) => {
        change.actions = ["delete", "create"];
      },
      "delete, create",
    ],
  ])("%s of that function: refused", (_title, edit, found) => {
    expect(imageOnly(edited(edit), "dev").others).toEqual([`${FUNCTION}: ${found}`]);
  });

  test("the function of another environment is another function", () => {
    expect(imageOnly(back(), "prod")).toEqual({ changesImage: false, others: [`${FUNCTION}: update`] });
  });
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracewright-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (plan: unknown, ...args: readonly string[]) => {
    const file = join(folder, "plan.json");
    writeFileSync(file, JSON.stringify(plan));
    const given = args.length === 0 ? ["--environment", "dev", "--plan", file] : args;
    const cli = ["tooling/run.mjs", "tooling/pipeline/image-only-cli.ts", ...given];
    const { status, stdout, stderr } = spawnSync(process.execPath, cli, { cwd: ROOT, encoding: "utf8" });
    return { status, stdout, stderr };
  };

  test("DEP-4 the image alone: exit code 0", () => {
    expect(run(back())).toEqual({ status: 0, stdout: "the image changes, nothing else\n", stderr: "" });
  });

  test("DEP-4 more than the image: exit code 1, places without values, and what to do", () => {
    const { status, stdout, stderr } = run(edited(({ after }) => setVariable(after, "MORE", "hunter2")));
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(
      `found other changes besides the image:\n  ${FUNCTION}: environment variable MORE\n`,
    );
    expect(stderr).toContain("Next step: ");
    expect(stderr).not.toContain("hunter2");
  });

  test("a state is no plan without changes", () => {
    const { status, stderr } = run({ format_version: "1.0", values: {} });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/plan\.json: found JSON without resource_changes/),
    ]);
    expect(stderr).not.toContain("    at ");
  });

  test("an environment nobody has is refused, with the help", () => {
    const { status, stderr } = run({}, "--environment", "qa", "--plan", "a");
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/--environment qa: expected one of .*\n.*Usage/),
    ]);
  });
});
