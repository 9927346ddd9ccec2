import { gathered } from "../assumptions";
import { type AlarmReport, type Rehearsal, rowsWith } from "../rehearsal";
import { counted, duration, sumsOf, unheardAlarms, unheardIn } from "../text";
import { escaped } from "./escape";
import { matrixHtml } from "./matrix";
import { plotSvg } from "./plot";
import { STYLE } from "./style";

function sum(value: string, label: string, style: "good" | "bad" | ""): string {
  return `<li class="${style}"><b>${value}</b>${label}</li>`;
}

function summary(rehearsal: Rehearsal): string {
  const sums = sumsOf(rehearsal);
  const wrong = sums.cannot + sums.unheard + sums.undetected + sums.paged;
  const open = sums.unknown + sums.undecided + sums.assumed;
  const verdict =
    wrong > 0
      ? `<span class="verdict bad">${counted(wrong, "finding")}</span>`
      : open > 0
        ? `<span class="verdict warn">Nothing wrong; ${open} could not be decided</span>`
        : '<span class="verdict good">Every promise holds</span>';
  return `<p>${verdict}</p><ul class="sums">
${sum(`${sums.fire}/${rehearsal.alarms.length}`, "alarms can fire", sums.cannot > 0 ? "bad" : "good")}
${sum(`${sums.detected}/${sums.faults}`, "promised faults detected", sums.undetected > 0 ? "bad" : "good")}
${sum(`${sums.paged}/${sums.quietDays}`, "quiet days that page", sums.paged > 0 ? "bad" : "good")}
${sum(String(sums.notPromised), "faults not promised at this tier", "")}
${sum(String(open), "could not be decided", "")}
${sum(String(sums.notApplicable), "scenarios not applicable", "")}</ul>`;
}

function reasons(unheard: AlarmReport["unheard"]): string {
  return unheard.map(({ rule, found }) => `<code>${escaped(rule)}</code>: ${escaped(found)}`).join("; ");
}

function findings(rehearsal: Rehearsal): string {
  const items = [
    ...rehearsal.alarms.flatMap(({ name, verdict }) =>
      verdict.kind === "fires"
        ? []
        : [
            `<li><span class="tag ${verdict.kind === "cannot" ? "bad" : "warn"}">${verdict.kind === "cannot" ? "cannot fire" : "not evaluated"}</span> <code>${escaped(name)}</code>: ${escaped(verdict.why)}</li>`,
          ],
    ),
    ...unheardAlarms(rehearsal).map(
      ({ name, unheard }) =>
        `<li><span class="tag bad">nobody hears</span> <code>${escaped(name)}</code>: ${reasons(unheard)}</li>`,
    ),
    ...rowsWith(rehearsal, "undetected").map(
      (row) =>
        `<li><span class="tag bad">nobody notices</span> ${escaped([row.scenario.title, ...unheardIn(rehearsal, row)].join("; "))}</li>`,
    ),
    ...rowsWith(rehearsal, "undecided").map(
      (row) =>
        `<li><span class="tag warn">undecided</span> ${escaped(`${row.scenario.title}: ${row.why ?? ""}`)}</li>`,
    ),
    ...gathered(rehearsal.alarms).map(
      ({ assumed, alarms }) =>
        `<li><span class="tag warn">assumed</span> ${escaped(`${assumed} (${counted(alarms.length, "alarm")}); tell with --knowledge`)}</li>`,
    ),
    ...rowsWith(rehearsal, "paged").map(
      (row) =>
        `<li><span class="tag bad">pages on a quiet day</span> ${escaped(row.scenario.title)}: ${escaped([...row.pages.keys()].join(", "))}</li>`,
    ),
    ...rehearsal.alarms.flatMap(({ name, verdict }) =>
      verdict.kind === "fires" && verdict.disagreement !== undefined
        ? [
            `<li><span class="tag warn">two readings</span> <code>${escaped(name)}</code>: ${escaped(verdict.disagreement)}</li>`,
          ]
        : [],
    ),
  ];
  return items.length === 0 ? "" : `<h2>Findings</h2><ul class="findings">${items.join("")}</ul>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function alarmCard({ name, watches, pages, unheard, assumes, verdict }: AlarmReport): string {
  const heading = `<h3>${escaped(name)}</h3><p class="soft"><code>${escaped(watches)}</code></p>`;
  const silent = pages && unheard.length === 0 ? "" : '<p><span class="tag warn">nobody hears it</span>';
  const mute = silent === "" ? "" : `${silent} ${reasons(unheard)}</p>`;
  const taken = assumes.map((one) => `<p><span class="tag warn">assumed</span> ${escaped(one)}</p>`).join("");
  if (verdict.kind !== "fires") {
    const style = verdict.kind === "cannot" ? "bad" : "warn";
    const word = verdict.kind === "cannot" ? "cannot fire" : "could not evaluate";
    return `<article class="alarm ${style}">${heading}${mute}<p><span class="tag ${style}">${word}</span> ${escaped(verdict.why)}</p></article>`;
  }
  const times = `ALARM ${duration(verdict.detectSeconds)} after the fault begins, OK ${duration(verdict.recoverSeconds)} after it ends.`;
  const early =
    verdict.recoverSeconds < 0 ? times.replace(/OK .* after it ends/, "OK before it ends") : times;
  return `<article class="alarm">${heading}${mute}${taken}<p>${escaped(capital(verdict.cause))}. ${early}</p>${plotSvg(verdict.plot, `${name}: ${verdict.cause}. ${early}`)}</article>`;
}

function absent(rehearsal: Rehearsal): string {
  if (rehearsal.notApplicable.length === 0) return "";
  const rows = rehearsal.notApplicable
    .map(
      ({ id, title, why }) =>
        `<tr><th scope="row">${escaped(title)}<small><code>${escaped(id)}</code></small></th><td>${escaped(why)}</td></tr>`,
    )
    .join("");
  return `<h2>Not applicable</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="absent-caption"><table class="wide">
<caption id="absent-caption">Scenarios that concern nothing in this file.</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col">Why</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** The report as one page that loads nothing: the same bytes for the same input. */
export function page(rehearsal: Rehearsal): string {
  const { file, scenarioFile, tier, lagSeconds } = rehearsal;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>Rehearsal of ${escaped(file)}</title><style>${STYLE}</style></head>
<body><main><p class="eyebrow">Tracewright rehearsal</p><h1>${escaped(file)}</h1>
<p class="soft">Played with ${escaped(scenarioFile)} at the ${tier} tier; data can be read ${lagSeconds} s after it is written.</p>
${summary(rehearsal)}
${findings(rehearsal)}
<h2>Detection matrix</h2>
${matrixHtml(rehearsal)}
<h2>Can each alarm fire?</h2>
<p>The smallest realistic series that takes each alarm from OK to ALARM and back. The line is its signal, dashed is the threshold, shaded is the fault.</p>
<div class="legend"><span><i style="background:var(--good)"></i>OK</span><span><i style="background:var(--bad)"></i>ALARM</span><span><i style="background:var(--idle)"></i>INSUFFICIENT_DATA</span><span><i style="background:var(--warn-bg)"></i>fault</span></div>
<div class="alarms">${rehearsal.alarms.map(alarmCard).join("\n")}</div>
${absent(rehearsal)}
</main></body></html>
`;
}
