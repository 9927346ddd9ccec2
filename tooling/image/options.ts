import { parseArgs } from "node:util";

/** What `npm run image` can build. */
export const TARGETS = ["release", "baseline"] as const;
/** One of {@link TARGETS}. */
export type Target = (typeof TARGETS)[number];

/** What `npm run image -- --help` prints. */
export const HELP = `Usage: npm run image -- [options]

Builds the streaming function's image from pinned parts with buildah, without a daemon, and prints its digest. The same
sources give the same digest.

  --target NAME     release (default), or baseline: the same code without collector and with tracing off
  --function FOLDER the function's bundle: index.mjs and metafile.json (default build/functions/sse)
  --archive FILE    the collector layer's archive (default build/pins/collector.zip)
  --lock FILE       pins (default containers/sse/pins.lock.json)
  --out FOLDER      where to work; the image becomes FOLDER/TARGET, an OCI layout (default build/image)
  --help            this text

Next: skopeo copy oci:build/image/release docker://REPOSITORY:TAG

Exit codes: 0 built, 1 refused or failed (the message says why), 2 wrong usage.
`;

/** Options of the command. */
export interface ImageOptions {
  readonly target: Target;
  readonly function: string;
  readonly archive: string;
  readonly lock: string;
  readonly out: string;
}

/** Wrong usage; the message says what was found and expected. */
export class UsageError extends Error {}

/**
 * Options of a command line, or undefined when help is asked for.
 *
 * @throws UsageError on an unknown option or target
 */
export function optionsFrom(args: readonly string[]): ImageOptions | undefined {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  let values: ReturnType<typeof read>;
  const read = () =>
    parseArgs({
      args: [...args],
      options: {
        target: text("release"),
        function: text("build/functions/sse"),
        archive: text("build/pins/collector.zip"),
        lock: text("containers/sse/pins.lock.json"),
        out: text("build/image"),
        help: { type: "boolean", default: false },
      },
    }).values;
  try {
    values = read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return undefined;
  const target = TARGETS.find((one) => one === values.target);
  if (target === undefined)
    throw new UsageError(`--target: found ${values.target}; expected ${TARGETS.join(" or ")}.`);
  const { function: code, archive, lock, out } = values;
  return { target, function: code, archive, lock, out };
}
