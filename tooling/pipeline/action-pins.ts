import { readFileSync } from "node:fs";
import * as v from "valibot";

/** An action a workflow uses, by the commit a version meant. */
export interface ActionPin {
  /** OWNER/REPOSITORY. */
  readonly repository: string;
  /** Tag people choose. */
  readonly version: string;
  /** The commit that runs, 40 hex digits. */
  readonly commit: string;
  /** How the commit came to be known, and when. */
  readonly source: string;
}

const text = v.pipe(v.string(), v.minLength(1, "a text of one character or more"));
const LOCK = v.strictObject({
  actions: v.array(
    v.strictObject({
      repository: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/, "OWNER/REPOSITORY")),
      version: v.pipe(v.string(), v.regex(/^v\d+\.\d+\.\d+$/, "a version such as v4.2.2")),
      commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, "40 hex digits")),
      source: text,
    }),
  ),
});

/**
 * Reads the lock of actions.
 *
 * @throws Error naming the file and the first thing wrong with it
 */
export function readActionPins(file: string): readonly ActionPin[] {
  const result = v.safeParse(LOCK, JSON.parse(readFileSync(file, "utf8")));
  if (result.success) return result.output.actions;
  const [issue] = result.issues;
  throw new Error(
    `${file}: ${v.getDotPath(issue) ?? "."}: found ${issue.received}; expected ${issue.message}. Next step: npm run workflow:pins -- --help.`,
  );
}

const USES = /^\s*(?:-\s+)?uses:\s*(\S+)(?:\s+#\s*(\S+))?\s*$/gm;

/**
 * Actions of a workflow that are not exactly as the lock has them.
 *
 * @param name of the workflow's file, for messages
 * @returns one text per fault; workflows of the same repository need no pin
 */
export function pinFaults(name: string, workflow: string, pins: readonly ActionPin[]): readonly string[] {
  return [...workflow.matchAll(USES)].flatMap(([, used = "", comment]) => {
    if (used.startsWith("./")) return [];
    const [path = "", commit = ""] = used.split("@");
    const repository = path.split("/").slice(0, 2).join("/");
    const pin = pins.find((one) => one.repository === repository);
    if (pin === undefined) return [`${name}: ${used} is in no lock`];
    if (commit !== pin.commit) return [`${name}: ${used} is not the locked commit ${pin.commit}`];
    return comment === pin.version
      ? []
      : [`${name}: ${used} has the comment ${comment ?? "none"}, not ${pin.version}`];
  });
}

/** How a pin stands against the repository it comes from. */
export interface PinVerdict extends ActionPin {
  readonly state: "holds" | "moved" | "gone" | "unknown";
  readonly words: string;
}

/**
 * Judges a pin by what the repository says its tag is.
 *
 * @param answer output of `git ls-remote REPOSITORY refs/tags/VERSION refs/tags/VERSION^{}`; absent without an answer
 */
export function judgePin(pin: ActionPin, answer: string | undefined): PinVerdict {
  if (answer === undefined) return { ...pin, state: "unknown", words: "the repository did not answer" };
  const lines = answer
    .trim()
    .split("\n")
    .filter((line) => line !== "");
  // An annotated tag is an object of its own; the line with ^{} has the commit it names.
  const peeled = lines.find((line) => line.endsWith("^{}")) ?? lines[0];
  const commit = peeled?.split(/\s/)[0];
  if (commit === undefined) return { ...pin, state: "gone", words: `no tag ${pin.version}` };
  if (commit === pin.commit) return { ...pin, state: "holds", words: "" };
  return { ...pin, state: "moved", words: `${pin.version} is ${commit} now` };
}
