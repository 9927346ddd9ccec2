import { jsonLines } from "./observed";

/** What code under test writes to the standard streams, kept instead of shown. */
export class CapturedLog {
  #texts: string[] = [];
  #spies: { mockRestore(): void }[] = [];

  /** Begins to keep, with nothing yet. */
  begin(): void {
    this.end();
    this.#texts = [];
    this.#spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, "write").mockImplementation((text) => this.#texts.push(String(text)) > 0),
    );
  }

  /** Lets output through again. */
  end(): void {
    for (const spy of this.#spies) spy.mockRestore();
    this.#spies = [];
  }

  /** JSON lines kept. */
  get lines(): readonly Record<string, unknown>[] {
    return jsonLines(this.#texts.flatMap((text) => text.split("\n")));
  }
}
