import type { Rehearsal } from "../rehearsal";
import type { Result, Row } from "../row";
import { duration, unheardIn } from "../text";
import { escaped } from "./escape";

const TAGS: Readonly<Record<Result, readonly [string, string]>> = {
  detected: ["good", "detected"],
  undetected: ["bad", "nobody notices"],
  "not-promised": ["idle", "not promised"],
  undecided: ["warn", "undecided"],
  quiet: ["good", "quiet"],
  paged: ["bad", "pages"],
};

const ORDER: readonly Result[] = ["undetected", "paged", "undecided", "detected", "not-promised", "quiet"];

function shade(seconds: number): string {
  return seconds <= 300 ? "t1" : seconds <= 900 ? "t2" : seconds <= 3600 ? "t3" : "t4";
}

function cell(row: Row, alarm: string): string {
  const seconds = row.pages.get(alarm);
  if (seconds === undefined) return "<td></td>";
  const first = seconds === row.firstPage ? " first" : "";
  return `<td class="${shade(seconds)}${first}">${seconds}</td>`;
}

/** Alarms that page in at least one scenario, in the order of the file. */
function columnsOf(rehearsal: Rehearsal): readonly string[] {
  return rehearsal.alarms
    .map((one) => one.name)
    .filter((name) => rehearsal.rows.some((row) => row.pages.has(name)));
}

function rowHtml(rehearsal: Rehearsal, row: Row, columns: readonly string[]): string {
  const [style, word] = TAGS[row.result];
  const when = row.firstPage === undefined ? "" : ` after ${duration(row.firstPage)}`;
  const assumed = row.assumed ? ', <span class="tag warn">assumed</span>' : "";
  const notes = [...(row.why === undefined ? [] : [row.why]), ...unheardIn(rehearsal, row)];
  const told = notes.map((one) => `<small>${escaped(one)}</small>`).join("");
  const head = `<th scope="row">${escaped(row.scenario.title)} <span class="tag ${style}">${word}${when}</span>${assumed}<small><code>${escaped(row.scenario.id)}</code></small>${told}</th>`;
  return `<tr>${head}${columns.map((name) => cell(row, name)).join("")}</tr>`;
}

/** The part of a name that all names begin with, up to a hyphen: it would only widen the table. */
function commonPrefix(names: readonly string[]): string {
  const [first = ""] = names;
  let length = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length--;
  return names.length < 2 ? "" : first.slice(0, first.slice(0, length).lastIndexOf("-") + 1);
}

/** The detection matrix: scenarios down, alarms across, seconds to the page in the cells. */
export function matrixHtml(rehearsal: Rehearsal): string {
  const columns = columnsOf(rehearsal);
  const prefix = commonPrefix(columns);
  const rows = ORDER.flatMap((result) => rehearsal.rows.filter((row) => row.result === result));
  const heads = columns
    .map(
      (name) =>
        `<th scope="col" title="${escaped(name)}"><span>${escaped(name.slice(prefix.length))}</span></th>`,
    )
    .join("");
  const dropped = prefix === "" ? "" : ` Every alarm's name begins with <code>${escaped(prefix)}</code>.`;
  return `<div class="legend" aria-hidden="true"><span><i class="t1"></i>up to 5 min</span><span><i class="t2"></i>up to 15 min</span><span><i class="t3"></i>up to 1 h</span><span><i class="t4"></i>longer</span><span><b>framed</b> is the first page</span></div>
<div class="scroll" tabindex="0" role="region" aria-labelledby="matrix-caption"><table class="matrix">
<caption id="matrix-caption">Seconds from the start of a scenario until an alarm pages.${dropped}</caption>
<thead><tr><th scope="col">Scenario</th>${heads}</tr></thead>
<tbody>${rows.map((row) => rowHtml(rehearsal, row, columns)).join("\n")}</tbody></table></div>`;
}
