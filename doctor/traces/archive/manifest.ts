import * as v from "valibot";
import { complaint } from "../../../instruments/knowledge-file";
import { InputError } from "../../../instruments/terraform-file";

const NEXT_STEP = "--again writes it anew";

/** See {@link Manifest}. */
const MANIFEST = v.object({
  format: v.literal(1),
  from: v.string(),
  to: v.string(),
  filter: v.nullable(v.string()),
  traces: v.number(),
  parts: v.array(
    v.object({
      key: v.string(),
      traces: v.number(),
      /** Of the object, zipped. */
      bytes: v.number(),
      sha256: v.string(),
    }),
  ),
  /** Traces X-Ray named and could no longer give. */
  missing: v.array(v.string()),
  /** Documents that were kept as they came and cannot be read. */
  malformed: v.number(),
});

/**
 * What a run archived. It is written last, and only when X-Ray looked every trace up: an archive without it is not
 * whole, and running again mends it.
 */
export type Manifest = v.InferOutput<typeof MANIFEST>;

/** One object of an archive. */
export type ArchivedPart = Manifest["parts"][number];

/** The text of a manifest. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Reads a manifest. @param place its address. @throws InputError when it is something else */
export function readManifest(place: string, text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(place, "text that is not JSON", "a manifest of traces archive", NEXT_STEP);
  }
  const parsed = v.safeParse(MANIFEST, value);
  if (parsed.success) return parsed.output;
  throw complaint(place, parsed.issues[0], NEXT_STEP);
}
