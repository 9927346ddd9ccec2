import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";

const ROOT = resolve(__dirname, "..", "..");
const FOLDER = join(ROOT, ".github", "workflows");

const VARIABLES = v.optional(v.record(v.string(), v.string()), {});

const STEP = v.looseObject({
  id: v.optional(v.string()),
  uses: v.optional(v.string()),
  run: v.optional(v.string()),
  with: v.optional(v.record(v.string(), v.unknown()), {}),
  env: VARIABLES,
  "working-directory": v.optional(v.string()),
});

const JOB = v.looseObject({
  uses: v.optional(v.string()),
  needs: v.optional(v.array(v.string()), []),
  environment: v.optional(v.string()),
  permissions: v.record(v.string(), v.string()),
  "timeout-minutes": v.optional(v.number()),
  env: VARIABLES,
  steps: v.optional(v.array(STEP), []),
});

const WORKFLOW = v.looseObject({
  name: v.string(),
  on: v.record(v.string(), v.unknown()),
  permissions: v.strictObject({}),
  concurrency: v.optional(v.strictObject({ group: v.string(), "cancel-in-progress": v.boolean() })),
  jobs: v.record(v.string(), JOB),
});

/** A job of a workflow. */
export type Job = v.InferOutput<typeof JOB>;
/** A step of a job. */
export type Step = v.InferOutput<typeof STEP>;

/** A workflow of this repository. */
export interface Workflow extends v.InferOutput<typeof WORKFLOW> {
  readonly file: string;
  readonly text: string;
}

/** Every workflow; one that lacks `permissions: {}` or a job without permissions of its own is an error. */
export const WORKFLOWS: readonly Workflow[] = readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    return { file, text, ...v.parse(WORKFLOW, parse(text)) };
  });

/** Every job with a title such as `deploy.yml image`. */
export const JOBS: readonly (readonly [string, Job, Workflow])[] = WORKFLOWS.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([id, job]) => [`${workflow.file} ${id}`, job, workflow] as const),
);

/** Steps whose id starts so need an AWS account, or what a step that needed one has left. */
export const NEEDS_AWS = /^aws-/;
/** Steps whose id starts so talk to GitHub. */
export const NEEDS_GITHUB = /^github-/;
