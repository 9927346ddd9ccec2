import { bareTraceId, newRoot } from "../../browser/trace-header";

const ID = "1-6b017020-eadc7c6a7c89df278e817514";

describe("FE-3 a new root", () => {
  test("is the time and ninety-six random bits, and no decision", () => {
    const before = Math.floor(Date.now() / 1000);
    const root = newRoot() ?? "";
    expect(root).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    const seconds = Number.parseInt(root.slice("Root=1-".length, "Root=1-".length + 8), 16);
    expect(seconds).toBeGreaterThanOrEqual(before);
    expect(seconds).toBeLessThanOrEqual(Date.now() / 1000);
    expect(root).not.toMatch(/Sampled/i);
  });

  test("is another one every time", () => {
    const roots = Array.from({ length: 1000 }, newRoot);
    expect(new Set(roots).size).toBe(1000);
  });

  test("is eight digits of time at any time", () => {
    const now = jest.spyOn(Date, "now").mockReturnValue(1000);
    expect(newRoot()).toMatch(/^Root=1-00000001-[0-9a-f]{24}$/);
    now.mockRestore();
  });

  test("is absent when there is no randomness", () => {
    const random = jest.spyOn(globalThis.crypto, "getRandomValues").mockImplementation(() => {
      throw new Error("no entropy");
    });
    expect(newRoot()).toBeUndefined();
    random.mockRestore();
    expect(newRoot()).toBeDefined();
  });
});

describe("CLI-4 a bare trace id", () => {
  test.each([
    ID,
    `Root=${ID}`,
    `Root=${ID};Parent=53995c3f42cd8ad8;Sampled=1`,
    `Self=1-0-0;Root=${ID}`,
    ` ${ID} `,
  ])("is read from %p", (value) => {
    expect(bareTraceId(value)).toBe(ID);
  });

  test.each([
    null,
    undefined,
    42,
    "",
    "1-6b017020",
    `Self=${ID}`,
    `x${ID}`,
    `${ID}0`,
    ID.toUpperCase(),
    `Parent=${ID};Sampled=1`,
  ])("is not seen in %p", (value) => {
    expect(bareTraceId(value)).toBeUndefined();
  });
});
