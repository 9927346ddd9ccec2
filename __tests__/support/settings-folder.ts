import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEnvironments, SETTINGS_FILE, SettingsError } from "../../environments";

/** A folder of its own for settings and what they name. */
export class SettingsFolder {
  readonly root = mkdtempSync(join(tmpdir(), "tracewright-settings-"));

  /** Writes a file, as JSON unless it is a text, and returns its path. */
  write(content: unknown, name: string = SETTINGS_FILE): string {
    const file = join(this.root, name);
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  /** The message with which settings are refused; anything else is an error of the test. */
  refusal(variables: Readonly<Record<string, string>> = {}): string {
    try {
      loadEnvironments(this.root, variables);
    } catch (error) {
      if (error instanceof SettingsError) return error.message;
      throw error;
    }
    throw new Error("the settings were accepted");
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** Expects a message to say where, what was found, what was expected and what to do. */
export function expectRefusal(message: string, place: string, found: string, expected: string): void {
  expect(message).toContain(`${place}: found ${found}`);
  expect(message).toContain(`; expected ${expected}`);
  expect(message).toMatch(/\. Next step: \S.*\.$/);
}
