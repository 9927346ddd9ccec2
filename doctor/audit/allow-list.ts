import * as v from "valibot";
import { complaint } from "../../instruments/knowledge-file";
import { InputError, readJson } from "../../instruments/terraform-file";

/** A removed name that may stand somewhere, and why. */
export interface Allowed {
  /** Id of the removed name. */
  readonly name: string;
  /** File, folder ending with `/`, or Terraform address and attribute. */
  readonly place: string;
  /** At least ten characters, so that "ok" is none. */
  readonly reason: string;
}

const MIN_REASON = 10;

const FILE = v.strictObject({
  allowed: v.array(
    v.strictObject({
      name: v.string(),
      place: v.pipe(v.string(), v.minLength(1, "a file, a folder or a Terraform address")),
      reason: v.pipe(
        v.string(),
        v.check((text) => text.trim().length >= MIN_REASON, `a reason of at least ${MIN_REASON} characters`),
      ),
    }),
  ),
});

const EXPECTED = 'an allow-list: {"allowed": [{"name", "place", "reason"}]}';
const NEXT_STEP = "give each entry name, place and reason; tracewright audit --help shows one";

/**
 * Reads an allow-list.
 *
 * @param known ids that entries may name
 * @throws InputError on an unknown name, a missing reason, an unknown key or an entry that is there twice
 */
export function readAllowList(file: string, known: readonly string[]): readonly Allowed[] {
  const parsed = v.safeParse(FILE, readJson(file, EXPECTED, NEXT_STEP));
  if (!parsed.success) throw complaint(file, parsed.issues[0], NEXT_STEP);
  const seen = new Set<string>();
  for (const [index, { name, place }] of parsed.output.allowed.entries()) {
    const where = `${file}: allowed.${index}`;
    if (!known.includes(name))
      throw new InputError(where, `name ${JSON.stringify(name)}`, `one of ${known.join(", ")}`, NEXT_STEP);
    const key = `${name} ${place}`;
    if (seen.has(key))
      throw new InputError(where, `${key} a second time`, "one entry per place", "keep one reason");
    seen.add(key);
  }
  return parsed.output.allowed;
}

/** True when an entry is about a finding. */
export function allows({ name, place }: Allowed, finding: { name: string; place: string }): boolean {
  if (name !== finding.name) return false;
  return place.endsWith("/") ? finding.place.startsWith(place) : finding.place === place;
}
