import { renameSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { isDay } from "../../contract/alarms/overrides";
import { complaint } from "../../instruments/knowledge-file";
import { InputError, readJson } from "../../instruments/terraform-file";

const text = v.pipe(v.string(), v.minLength(1, "a text of one character or more"));
const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits"));
const day = v.pipe(v.string(), v.check(isDay, "a date YYYY-MM-DD"));

const COMMON = {
  name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and -")),
  what: text,
  digest: v.nullable(digest),
  checked: v.nullable(day),
  source: v.nullable(text),
  reason: v.optional(text),
};

const IMAGE = v.strictObject({
  ...COMMON,
  kind: v.literal("image"),
  image: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/, "HOST/NAME without tag and digest"),
  ),
  tag: v.pipe(v.string(), v.regex(/^\w[\w.-]{0,127}$/, "a tag")),
});

const LAYER = v.strictObject({
  ...COMMON,
  kind: v.literal("layer"),
  arn: v.pipe(
    v.string(),
    v.regex(/^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+$/, "the ARN of a layer version"),
  ),
});

const LOCK = v.strictObject({
  platform: v.picklist(["linux/arm64", "linux/amd64"], "linux/arm64 or linux/amd64"),
  pins: v.array(v.variant("kind", [IMAGE, LAYER], "kind image or layer")),
});

/** An image of a registry: a tag people choose, and the digest it was found to mean. */
export type ImagePin = Readonly<v.InferOutput<typeof IMAGE>>;
/** A version of a Lambda layer, and the SHA-256 of its archive. */
export type LayerPin = Readonly<v.InferOutput<typeof LAYER>>;
/** One pinned thing. `digest` is null until somebody has asked, and `reason` says why. */
export type Pin = ImagePin | LayerPin;

/** What builds are made from, each by digest. */
export interface PinLock {
  readonly platform: "linux/arm64" | "linux/amd64";
  readonly pins: readonly Pin[];
}

const EXPECTED =
  'a lock file: {"platform", "pins": [{"name", "kind", "what", "digest", "checked", "source", …}]}';
const NEXT_STEP = "docs/container.md describes the lock file";

/**
 * Reads a lock file.
 *
 * @throws InputError naming file and key, also for a name that is there twice or a digest without date and source
 */
export function readLock(file: string): PinLock {
  const parsed = v.safeParse(LOCK, readJson(file, EXPECTED, NEXT_STEP));
  if (!parsed.success) throw complaint(file, parsed.issues[0], NEXT_STEP);
  const seen = new Set<string>();
  for (const { name, digest: pinned, checked, source } of parsed.output.pins) {
    if (seen.has(name))
      throw new InputError(file, `the pin ${name} a second time`, "each name once", "rename or remove one");
    seen.add(name);
    if (pinned !== null && (checked === null || source === null))
      throw new InputError(
        `${file}: ${name}`,
        "a digest without date and source",
        "checked and source with every digest",
        "tracewright pins update",
      );
  }
  return parsed.output;
}

/**
 * Writes a lock file in one step: a reader sees the old or the new one.
 *
 * @throws InputError when it cannot be written
 */
export function writeLock(file: string, lock: PinLock): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, `${JSON.stringify(lock, undefined, 2)}\n`);
    renameSync(draft, file);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new InputError(file, code, "a file that can be written", "give another one with --lock");
  }
}
