import { writeFileSync } from "node:fs";
import { InputError } from "../instruments/terraform-file";

/** Writes a file a user asked for. @param option the option that named it @throws InputError when it cannot be written */
export function writeFile(file: string, text: string, option: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
    throw new InputError(file, code, "a file that can be written", `give another one with ${option}`);
  }
}
