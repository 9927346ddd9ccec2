import { readFileSync, statSync } from "node:fs";
import { whatElse } from "./file-kind";
import type { Finding } from "./probe";

/** Largest entry that is read, bytes: 32 MiB. */
const LARGEST = 32 * 1024 * 1024;

/** What every finding about an entry says. */
export type SeenEntry = Pick<Finding, "evidence" | "wanted"> & { readonly about: string };

/** Judges the text of the file `--entry` names, or says why it cannot be read. */
export function overEntry(
  file: string,
  evidence: string,
  wanted: string,
  judge: (text: string, seen: SeenEntry) => Finding,
): Finding {
  const seen = { about: file, evidence, wanted };
  try {
    const kind = whatElse(file);
    if (kind !== undefined)
      return { ...seen, verdict: "undecided", found: kind, fix: "name the file a program starts with" };
    if (statSync(file).size > LARGEST) {
      const fix = "name the source of the entry instead of its bundle";
      return { ...seen, verdict: "undecided", found: "more than 32 MiB", fix };
    }
    return judge(readFileSync(file, "utf8"), seen);
  } catch (error) {
    const found = String((error as NodeJS.ErrnoException).code);
    return { ...seen, verdict: "undecided", found, fix: "name the file a program starts with" };
  }
}
