import * as v from "valibot";
import { complaint } from "../knowledge-file";
import { InputError, readJson } from "../terraform-file";

/** A finding somebody has looked at and lives with. */
export interface Acknowledgement {
  /** Rule id. */
  readonly rule: string;
  /** Terraform address it is about. */
  readonly address: string;
  /** Why it is accepted; at least ten characters, so that "ok" is none. */
  readonly reason: string;
}

const MIN_REASON = 10;

const ENTRY = v.strictObject({
  rule: v.string(),
  address: v.pipe(v.string(), v.minLength(1, "a Terraform address")),
  reason: v.pipe(
    v.string(),
    v.check((text) => text.trim().length >= MIN_REASON, `a reason of at least ${MIN_REASON} characters`),
  ),
});

const FILE = v.strictObject({ acknowledged: v.array(ENTRY) });

const EXPECTED = 'acknowledgements: {"acknowledged": [{"rule", "address", "reason"}]}';
const NEXT_STEP = "give each entry rule, address and reason; tracewright check --help shows one";

/**
 * Reads an acknowledgement file.
 *
 * @param known ids of all rules
 * @throws InputError on an unknown rule, a missing reason, an unknown key or an entry that is there twice
 */
export function readAcknowledgements(file: string, known: readonly string[]): readonly Acknowledgement[] {
  const parsed = v.safeParse(FILE, readJson(file, EXPECTED, NEXT_STEP));
  if (!parsed.success) throw complaint(file, parsed.issues[0], NEXT_STEP);
  const seen = new Set<string>();
  for (const [index, { rule, address }] of parsed.output.acknowledged.entries()) {
    const place = `${file}: acknowledged.${index}`;
    if (!known.includes(rule)) {
      throw new InputError(
        place,
        `rule ${JSON.stringify(rule)}`,
        "the id of a rule",
        "tracewright check --rules lists them",
      );
    }
    const key = `${rule} ${address}`;
    if (seen.has(key))
      throw new InputError(place, `${key} a second time`, "one entry per finding", "keep one reason");
    seen.add(key);
  }
  return parsed.output.acknowledged;
}
