/** Letters GitHub takes as the body of a comment; one more is refused. */
const LIMIT = 65_536;
const LONGEST_CODE = 160;

const ACCOUNT = /(?<!\d)\d{12}(?!\d)/g;
const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g;
const MAIL = /[\w.+-]+@[\w-]+\.[\w.-]+/g;

/** Text without account numbers, access keys and addresses: a comment is read by more people than a log. */
function discreet(text: string): string {
  return text
    .replaceAll(ACCESS_KEY, "(access key)")
    .replaceAll(ACCOUNT, "(account)")
    .replaceAll(MAIL, "(address)");
}

/** Text somebody else wrote, as code: nothing in it is a link, a mention, a table's border or HTML. */
export function code(text: string): string {
  const plain = discreet(text)
    .replaceAll(/[`|\r\n]/g, " ")
    .trim();
  const cut = plain.length > LONGEST_CODE ? `${plain.slice(0, LONGEST_CODE - 1)}…` : plain;
  return cut === "" ? "(empty)" : `\`${cut}\``;
}

/** The first lines of a list, and how many more there are. */
export function firstOf(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `- and ${lines.length - most} more`];
}

/** A part that is folded until somebody opens it. */
export function folded(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return ["<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>", ""];
}

/** A table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line), ""];
}

/** Blocks in order, as many as fit into a comment; the reader is told when one was left out. */
export function bounded(blocks: readonly (readonly string[])[], limit: number = LIMIT): string {
  const note = "\nThe rest is in the reports kept with this run.\n";
  let text = "";
  for (const block of blocks) {
    const next = `${text}${block.join("\n")}\n`;
    if (next.length + note.length > limit) return `${text}${note}`;
    text = next;
  }
  return text;
}
