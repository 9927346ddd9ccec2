/** Letters to change, add or drop to make one word of another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [index, other] of [...to].entries()) {
      const [corner = 0, above = 0, before = 0] = [row[index], row[index + 1], next[index]];
      next.push(Math.min(above + 1, before + 1, corner + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known word somebody who wrote another probably meant. */
export function suggestion(written: string, known: readonly string[]): string | undefined {
  return known.find((word) => distance(written.toLowerCase(), word) <= (word.length < 5 ? 1 : 2));
}
