import type { Terminal } from "../cli/terminal";
import type { Bill } from "./bill";
import type { Charges } from "./charges";
import { LOG_BYTES_PER_REQUEST } from "./volume";

const BAR = 24;
/** Resources named one by one; the rest are summed. */
const SHOWN = 12;

/** USD as people write it: two digits, or "< 0.01". */
export function usd(value: number): string {
  return value > 0 && value < 0.005 ? "< 0.01" : value.toFixed(2);
}

function amount(quantity: number): string {
  return Number.isInteger(quantity)
    ? String(quantity)
    : quantity >= 100
      ? quantity.toFixed(0)
      : quantity.toPrecision(3);
}

function serviceLines(terminal: Terminal, bill: Bill): readonly string[] {
  const services = [...new Set(bill.lines.map((one) => one.service))];
  const totals = services.map((service) => {
    const own = bill.lines.filter((one) => one.service === service);
    const sum = (key: "grossUsd" | "netUsd") => own.reduce((total, one) => total + one[key], 0);
    return { service, own, gross: sum("grossUsd"), net: sum("netUsd") };
  });
  const most = Math.max(...totals.map((one) => one.gross), 0.01);
  return totals.flatMap(({ service, own, gross, net }) => [
    `  ${service.padEnd(24)} ${usd(gross).padStart(8)} ${usd(gross - net).padStart(8)} ${terminal.paint("bold", usd(net).padStart(8))}  ${"#".repeat(Math.round((gross / most) * BAR))}`,
    ...own.map(
      (one) =>
        `    ${one.item}: ${amount(one.quantity)}${one.freeUnits > 0 ? `, ${amount(one.freeUnits)} free` : ""}${one.unverified ? " (price unverified)" : ""}`,
    ),
  ]);
}

function basis({ volumes, notCounted }: Charges): readonly string[] {
  const silent = volumes.filter((one) => one.basis === "nothing").map((one) => one.name);
  return [
    ...(silent.length > 0
      ? [`No schedule and no traffic given, counted as idle: ${silent.join(", ")}.`]
      : []),
    ...notCounted.map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}.`),
    `A run logs ${LOG_BYTES_PER_REQUEST} bytes unless the traffic file says otherwise. Lambda itself is not priced.`,
  ];
}

/** The last line: what it costs. */
export function totalLine(bill: Bill, budgetUsd: number | undefined): string {
  const budget =
    budgetUsd === undefined
      ? ""
      : bill.netUsd > budgetUsd
        ? `, above the budget of ${usd(budgetUsd)}`
        : `, within the budget of ${usd(budgetUsd)}`;
  return `${usd(bill.netUsd)} USD a month after free allowances (${usd(bill.grossUsd)} before)${budget}.`;
}

/** The bill as a person reads it. */
export function forPeople(
  terminal: Terminal,
  file: string,
  charges: Charges,
  bill: Bill,
  budgetUsd: number | undefined,
): string {
  const rest = bill.byPath.slice(SHOWN).reduce((sum, one) => sum + one.grossUsd, 0);
  return [
    `${terminal.paint("bold", file)}: USD a month in ${bill.region}, prices as of ${bill.pricesAsOf}`,
    "",
    `  ${"".padEnd(24)} ${"gross".padStart(8)} ${"free".padStart(8)} ${"net".padStart(8)}`,
    ...serviceLines(terminal, bill),
    "",
    "Dearest resources, gross:",
    ...bill.byPath.slice(0, SHOWN).map((one) => `  ${usd(one.grossUsd).padStart(8)}  ${one.path}`),
    ...(rest > 0 ? [`  ${usd(rest).padStart(8)}  ${bill.byPath.length - SHOWN} more`] : []),
    "",
    ...basis(charges),
    ...(charges.unpriced.length > 0
      ? ["Could not be priced:", ...charges.unpriced.map((one) => `  ${one}`)]
      : []),
    "",
    totalLine(bill, budgetUsd),
  ].join("\n");
}
