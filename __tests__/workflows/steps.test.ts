import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout";
import { describeWith } from "../support/tools";
import { JOBS, NEEDS_AWS, NEEDS_GITHUB } from "./workflows";

/** Commands that install, or that are the very tests this one belongs to. */
const INSTALLS_OR_TESTS = /^(?:npm ci|\.ci\/run|pip install --disable-pip-version-check '[\w[\]=.]+')$/;

const STEPS = JOBS.flatMap(([title, job]) =>
  job.steps.flatMap((step) => {
    const { id = "", run } = step;
    if (run === undefined || NEEDS_AWS.test(id) || NEEDS_GITHUB.test(id)) return [];
    return [{ title: `${title} ${id}`, run: run.trim(), env: { ...job.env, ...step.env }, step }];
  }),
);
const TO_RUN = STEPS.filter(({ run }) => !INSTALLS_OR_TESTS.test(run));

test("every script has an id of its own in its job, by which it is known whether it needs AWS", () => {
  for (const [title, { steps }] of JOBS) {
    const ids = steps.filter(({ run }) => run !== undefined).map(({ id }) => id);
    expect([title, ids]).toEqual([title, [...new Set(ids)]]);
    expect(ids).not.toContain(undefined);
  }
});

test("what claims to need AWS calls AWS, or waits for it", () => {
  const claiming = JOBS.flatMap(([, { steps }]) => steps.filter(({ id }) => NEEDS_AWS.test(id ?? "")));
  for (const { id, run } of claiming) {
    const calls =
      /terraform -chdir|tracewright (?:gate|rollback|kill-switch|pins)|aws ecr|npm run --silent image|sleep/;
    expect([id, calls.test(run ?? "") || id === "aws-check"]).toEqual([id, true]);
  }
});

describeWith(["terraform"], "every script that needs no AWS, run as a runner would", () => {
  const checkout = new Checkout();
  const base = join(checkout.directory, "base");
  const summary = join(checkout.directory, "build", "summary.md");
  afterAll(() => checkout.remove());

  const git = (...args: readonly string[]): string => {
    const who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    const run = checkout.run("git", [...who, ...args]);
    expect(run).toMatchObject({ code: 0 });
    return run.stdout.trim();
  };

  /** What expressions of the workflows come to on this runner. */
  const context: Readonly<Record<string, string>> = {
    "${{ matrix.environment }}": "dev",
    "${{ inputs.environment }}": "dev",
  };

  beforeAll(() => {
    writeFileSync(join(checkout.directory, ".gitignore"), "node_modules\nbuild\ncdktf.out\nbase\n");
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "base");
    const known = git("rev-parse", "HEAD");
    Object.assign(context, { "${{ github.event.pull_request.base.sha }}": known });
    // The change: more alarms in dev, and a state that can be shared.
    const state = { bucket: "example-terraform-state", region: "eu-west-1" };
    checkout.write("settings.json", JSON.stringify({ dev: { alarmTier: "standard", state } }));
    git("add", "--all");
    git("commit", "--quiet", "--message", "change");
    mkdirSync(join(checkout.directory, "build"), { recursive: true });
  });

  /** As a job of its own does; jobs that have none must not see it. */
  const checkOutBase = (): void => {
    git("worktree", "add", "--quiet", base, context["${{ github.event.pull_request.base.sha }}"] ?? "");
    symlinkSync(join(checkout.directory, "node_modules"), join(base, "node_modules"));
  };

  const resolved = (text: string): string => {
    const value = Object.entries(context).reduce((now, [find, put]) => now.replaceAll(find, put), text);
    // What only AWS or GitHub knows is of no use to a script that needs neither.
    return value.replaceAll(/\$\{\{.*?\}\}/g, "not-known-here");
  };

  const done = new Map<string, number | null>();
  const runOnce = (run: string, folder: string, env: NodeJS.ProcessEnv) => {
    const key = JSON.stringify([run, folder, env["ENVIRONMENT"]]);
    const known = done.get(key);
    if (known !== undefined) return { status: known, stdout: "", stderr: "" };
    const ended = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd: folder,
      env: {
        ...process.env,
        ...env,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: join(checkout.directory, "build", "out"),
      },
      encoding: "utf8",
    });
    done.set(key, ended.status);
    return ended;
  };

  test.each(TO_RUN.map((one) => [one.title, one] as const))("%s", (_title, { run, env, step }) => {
    if (step["working-directory"] === "base") checkOutBase();
    const folder = join(checkout.directory, step["working-directory"] ?? ".");
    const variables = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, resolved(text)]));
    const { status, stdout, stderr } = runOnce(run, folder, variables);
    expect({ status, said: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
  });

  test("they have left the comment of a change that adds alarms to dev", () => {
    const comment = readFileSync(join(checkout.directory, "build", "comment.md"), "utf8");
    expect(readFileSync(summary, "utf8")).toBe(comment);
    expect(comment).toMatch(/^<!-- tracewright: what this change plans -->\n/);
    const [, more, fire, alarms] =
      /\| dev \| \d+ resources: (\d+) more, .* \| nothing found \| (\d+) of (\d+) alarms can fire/.exec(
        comment,
      ) ?? [];
    expect(Number(more)).toBeGreaterThan(30);
    expect([fire, Number(alarms) > 50]).toEqual([alarms, true]);
    expect(comment).toMatch(/USD a month \(\*\*\+\d+\.\d\d\*\*\)/);
    expect(comment).toContain("| preprod | not made");
  });

  test("a state in a file is refused before AWS is asked", () => {
    const script = STEPS.find(({ title }) => title.endsWith(" remote-state"))?.run ?? "";
    const stack = join(checkout.directory, "file-state");
    mkdirSync(stack);
    cpSync(join(base, "cdktf.out", "stacks", "dev", "cdk.tf.json"), join(stack, "cdk.tf.json"));
    const { status, stdout } = runOnce(script, checkout.directory, {
      STACK: "file-state",
      ENVIRONMENT: "refused",
    });
    expect(existsSync(join(stack, "cdk.tf.json"))).toBe(true);
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining("keeps its state in a file; expected a bucket"),
    ]);
  });
});
