import { layerDigest } from "./layer";
import type { Pin } from "./lock";
import type { Lookup } from "./lookup";
import { imageDigest, manifestAddress } from "./registry";

/** How a pin stands against the place it comes from. */
export interface Verdict {
  readonly name: string;
  /**
   * `holds`; `unpinned`: nobody has asked yet; `moved`: the tag means another digest now, or a layer version's archive
   * changed; `gone`: the tag, the digest or the layer is not there; `unknown`: no answer that can be used.
   */
  readonly state: "holds" | "unpinned" | "moved" | "gone" | "unknown";
  /** What the lock says. */
  readonly locked: string | null;
  /** What the place says now, if it says something. */
  readonly current: string | null;
  /** What to know and what to do, for people; empty when the pin holds. */
  readonly words: string;
}

const UPDATE = "tracewright pins update, then build and test again";

/** Where a pin's digest is asked for. */
export function sourceOf(pin: Pin): string {
  return pin.kind === "image"
    ? `HEAD ${manifestAddress(pin.image, pin.tag)}`
    : `lambda:GetLayerVersionByArn ${pin.arn}`;
}

/** What the pinned thing is called where it comes from. */
export function thingOf(pin: Pin): string {
  return pin.kind === "image" ? `${pin.image}:${pin.tag}` : pin.arn;
}

/** Asks where the pin comes from. */
export function lookUp(pin: Pin, archives?: string): Promise<Lookup> {
  return pin.kind === "image" ? imageDigest(pin.image, pin.tag) : layerDigest(pin, archives);
}

/** Judges a pin; for an image also whether the locked digest can still be pulled. */
export async function judge(pin: Pin, archives?: string): Promise<Verdict> {
  const { name, digest: locked } = pin;
  const answer = await lookUp(pin, archives);
  const current = answer.state === "found" ? answer.digest : null;
  const verdict = (state: Verdict["state"], words: string): Verdict => ({
    name,
    state,
    locked,
    current,
    words,
  });
  if (locked === null) return verdict("unpinned", `no digest in the lock. Next step: ${UPDATE}`);
  if (answer.state === "unreachable") return verdict("unknown", answer.why);
  if (current === locked) return verdict("holds", "");
  const kept = pin.kind === "image" ? await imageDigest(pin.image, locked) : undefined;
  if (kept?.state === "absent")
    return verdict("gone", `${kept.why}, so the image cannot be built again. Next step: ${UPDATE}`);
  if (answer.state === "absent") return verdict("gone", `${answer.why}. Next step: choose another version`);
  return verdict("moved", `found ${current}; expected ${locked}. Next step: ${UPDATE}`);
}
