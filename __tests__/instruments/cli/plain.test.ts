import { json, plain } from "../../../instruments/cli/plain";

const HOSTILE = "a\u001b[31mb\u009b2Jc\u202ed\u2066e\u200ff\u061cg\u2028h\r\ni";
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

test("DOC-4 control characters and marks that turn letters around do not reach a terminal", () => {
  expect(plain(HOSTILE)).toBe("a [31mb 2Jc d e f g h  i");
  expect(plain("Zürich 👩‍👩‍👧 ñ")).toBe("Zürich 👩‍👩‍👧 ñ");
});

test("DOC-4 as JSON they are escaped, and no value changes", () => {
  const value = { [HOSTILE]: [HOSTILE, 1, null] };
  const text = json(value);
  expect(text.replaceAll("\n", "")).not.toMatch(UNSAFE);
  expect(JSON.parse(text)).toEqual(value);
  expect(json({ a: 1 })).toBe('{\n  "a": 1\n}');
});
