import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute, type Outcome } from "../../tooling/plan/terraform";
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
/** Two plans at the same time, on a machine that does much else, milliseconds. */
const SLOWEST_MS = 180_000;
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
      /terraform -chdir|tracewright (?:gate|rollback|kill-switch|pins)|aws (?:ecr|lambda)|npm run --silent image|sleep/;
    // Two judge the plan that a script before them made.
    const judges = id === "aws-check" || id === "aws-image-only";
    expect([id, calls.test(run ?? "") || judges]).toEqual([id, true]);
  }
});

describeWith(["terraform", "gpg"], "every script that needs no AWS, run as a runner would", () => {
  const checkout = new Checkout();
  const elsewhere = mkdtempSync(join(tmpdir(), "tracewright-"));
  const base = join(elsewhere, "base");
  const stack = join(checkout.directory, "cdktf.out", "stacks", "dev");
  const summary = join(checkout.directory, "build", "summary.md");
  const output = join(checkout.directory, "build", "out");
  afterAll(async () => {
    // A test that failed or was left out may have left a script running.
    await Promise.allSettled(done.values());
    checkout.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  }, SLOWEST_MS);

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
    "${{ inputs.push }}": "true",
  };

  beforeAll(() => {
    writeFileSync(join(checkout.directory, ".gitignore"), "node_modules\nbuild\ncdktf.out\n");
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
    const build = join(checkout.directory, "build");
    mkdirSync(build, { recursive: true });
    // Not inside, as on a runner of its own job: jobs that have no base must not see it.
    git("worktree", "add", "--quiet", base, known);
    symlinkSync(join(checkout.directory, "node_modules"), join(base, "node_modules"));
    symlinkSync(build, join(elsewhere, "build"));
    // The two that take longest, at the same time; the tests below wait for them.
    for (const slow of TO_RUN.filter(({ step }) => /reports$/.test(step.id ?? ""))) void ended(slow);
  });

  const resolved = (text: string): string => {
    const value = Object.entries(context).reduce((now, [find, put]) => now.replaceAll(find, put), text);
    // What only AWS or GitHub knows is of no use to a script that needs neither.
    return value.replaceAll(/\$\{\{.*?\}\}/g, "not-known-here");
  };

  const done = new Map<string, Promise<Outcome>>();
  const runOnce = (run: string, folder: string, env: NodeJS.ProcessEnv): Promise<Outcome> => {
    const key = JSON.stringify([run, folder, env["ENVIRONMENT"]]);
    const known = done.get(key);
    if (known !== undefined) return known;
    const ending = execute("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd: folder,
      env: {
        ...process.env,
        ...env,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: output,
        GITHUB_SHA: git("rev-parse", "HEAD"),
        GNUPGHOME: elsewhere,
        // Terraform reads the provider's large schema three times for a plan: less collecting of garbage, a fifth less work.
        GOGC: "400",
      },
    });
    done.set(key, ending);
    return ending;
  };

  /** A step, in the folder and with the variables a runner would give it. */
  const ended = ({ run, env, step }: (typeof TO_RUN)[number]): Promise<Outcome> => {
    const variables = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, resolved(text)]));
    return runOnce(run, step["working-directory"] === "base" ? base : checkout.directory, variables);
  };

  const scriptOf = (title: string): string => STEPS.find((one) => one.title === title)?.run ?? "";

  test.each(TO_RUN.map((one) => [one.title, one] as const))(
    "%s",
    async (_title, one) => {
      // What Terraform would have left by then.
      if (one.step.id === "seal") {
        writeFileSync(join(stack, "plan.tfplan"), "a webhook's address");
        writeFileSync(join(stack, ".terraform.lock.hcl"), "a provider's checksum");
      }
      const { code, stdout, stderr } = await ended(one);
      expect({ code, said: code === 0 ? "" : `${stdout}${stderr}` }).toEqual({ code: 0, said: "" });
    },
    SLOWEST_MS,
  );

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

  test("a state in a file is refused before AWS is asked", async () => {
    const folder = join(checkout.directory, "file-state");
    mkdirSync(folder);
    cpSync(join(base, "cdktf.out", "stacks", "dev", "cdk.tf.json"), join(folder, "cdk.tf.json"));
    const script = scriptOf("deploy-environment.yml plan remote-state");
    const { code, stdout } = await runOnce(script, checkout.directory, {
      STACK: "file-state",
      ENVIRONMENT: "refused",
    });
    expect(existsSync(join(folder, "cdk.tf.json"))).toBe(true);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining("keeps its state in a file; expected a bucket"),
    ]);
  });

  test("a secret the environment lacks is named, before anything is installed or planned", async () => {
    const script = scriptOf("deploy-environment.yml plan secrets");
    const { code, stdout } = await runOnce(script, checkout.directory, {
      ENVIRONMENT: "prod",
      ALERT_WEBHOOK_URL: "https://alerts.example.com",
      PLAN_PASSPHRASE: "",
    });
    expect([code, stdout]).toEqual([1, expect.stringContaining("prod-plan has no secret PLAN_PASSPHRASE")]);
  });

  test("what is kept of a plan is sealed, comes back as it was, and opens to its passphrase alone", async () => {
    const [sealed, lock, planned] = ["plan.gpg", ".terraform.lock.hcl", "plan.tfplan"];
    expect(readFileSync(join(checkout.directory, sealed)).includes("webhook")).toBe(false);
    const script = scriptOf("deploy-environment.yml apply unseal");
    mkdirSync(join(checkout.directory, "unsealed"));
    const open = (phrase: string, ENVIRONMENT: string) =>
      runOnce(script, checkout.directory, { STACK: "unsealed", PLAN_PASSPHRASE: phrase, ENVIRONMENT });
    expect((await open("another", "first")).code).toBe(2);
    expect(existsSync(join(checkout.directory, "unsealed", planned))).toBe(false);
    expect(await open("not-known-here", "second")).toMatchObject({ code: 0 });
    expect(
      [planned, lock].map((name) => readFileSync(join(checkout.directory, "unsealed", name), "utf8")),
    ).toEqual(["a webhook's address", "a provider's checksum"]);
  });
});
