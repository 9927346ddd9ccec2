/** Where a requirement is proved: Terraform JSON, runtime, emulator, browser, real AWS, or inspection. */
export type CheckClass = "TF" | "RT" | "EMU" | "BR" | "AWS" | "STATIC";

/** Something this project promised, by the id its sources and tests cite. */
export interface Requirement {
  readonly id: string;
  /** One line, for the table. */
  readonly title: string;
  readonly checks: readonly CheckClass[];
}

/** A requirement as one line of a catalogue: id, check classes separated by spaces, title. */
export type Entry = readonly [id: string, checks: string, title: string];

const CHECK_CLASSES: readonly CheckClass[] = ["TF", "RT", "EMU", "BR", "AWS", "STATIC"];

/**
 * Turns catalogue lines into requirements.
 *
 * @throws Error naming the entry whose check class does not exist
 */
export function requirementsFrom(entries: readonly Entry[]): readonly Requirement[] {
  return entries.map(([id, checks, title]) => ({
    id,
    title,
    checks: checks.split(" ").map((name) => {
      const known = CHECK_CLASSES.find((one) => one === name);
      if (known !== undefined) return known;
      throw new Error(`${id}: check class ${name} is none of ${CHECK_CLASSES.join(", ")}`);
    }),
  }));
}

/** FR number, the ids that carry it separated by spaces (none: no product code), and a note. */
export type FrLine = readonly [number: string, carriers: string, note?: string];

/** A numbered functional requirement of the original programme and the ids it lives on in. */
export interface FunctionalRequirement {
  readonly id: string;
  /** Empty when only a process, and no code, could satisfy it. */
  readonly carriers: readonly string[];
  readonly note: string;
}

/** Turns lines of the FR index into functional requirements. */
export function functionalFrom(lines: readonly FrLine[]): readonly FunctionalRequirement[] {
  return lines.map(([number, carriers, note]) => ({
    id: `FR-${number}`,
    carriers: carriers.split(" ").filter((id) => id !== ""),
    note: note ?? "",
  }));
}

/** SC number, the ids that carry it separated by spaces (none: not carried, the note says why), wording, and a note. */
export type ScLine = readonly [number: string, carriers: string, title: string, note?: string];

/** A measurable criterion of the original programme and the ids it lives on in. */
export interface SuccessCriterion extends FunctionalRequirement {
  /** Short wording. */
  readonly title: string;
}

/** Turns lines of the success criteria into criteria. */
export function criteriaFrom(lines: readonly ScLine[]): readonly SuccessCriterion[] {
  return lines.map(([number, carriers, title, note]) => ({
    id: `SC-${number}`,
    carriers: carriers.split(" ").filter((id) => id !== ""),
    title,
    note: note ?? "",
  }));
}
