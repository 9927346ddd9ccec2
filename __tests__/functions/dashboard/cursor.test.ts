import { array, assert, constantFrom, oneof, property, string, tuple } from "fast-check";
import { cursorAfter, positionOf } from "../../../functions/dashboard/cursor";

const POSITION = "2026-01-05T09:00:00.000Z";
const QUERY = "AAPL 1h  ";

test("a cursor leads back to its place, in its query only", () => {
  const cursor = cursorAfter(POSITION, QUERY);
  expect(cursor).not.toContain("2026");
  expect(positionOf(cursor, QUERY)).toBe(POSITION);
  expect(positionOf(cursor, "MSFT 1h  ")).toBeUndefined();
});

test("no other text is a cursor", () => {
  const cursor = cursorAfter(POSITION, QUERY);
  const pieces = array(constantFrom(...cursor, "=", ".", " "), { maxLength: 80 }).map((all) => all.join(""));
  assert(
    property(tuple(oneof(string(), pieces)), ([text]) => {
      expect(text === cursor ? POSITION : undefined).toBe(positionOf(text, QUERY));
    }),
  );
});

test("a cursor with any one character changed is none", () => {
  const cursor = cursorAfter(POSITION, QUERY);
  for (let index = 0; index < cursor.length; index += 1) {
    const other = cursor[index] === "A" ? "B" : "A";
    expect(positionOf(cursor.slice(0, index) + other + cursor.slice(index + 1), QUERY)).toBeUndefined();
  }
});
