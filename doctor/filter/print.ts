import { InputError } from "../../instruments/terraform-file";
import type { Filter, NodePattern, Subject, Value } from "./expression";

function quoted(text: string): string {
  if (!/["\p{Cc}]/u.test(text)) return `"${text}"`;
  throw new InputError(
    "filter expression",
    "a text with quotes or control characters",
    "text X-Ray can be given",
    "leave them out and use CONTAINS",
  );
}

function numeral(value: number): string {
  return value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
}

function valueText(value: Value): string {
  if (typeof value === "string") return quoted(value);
  return typeof value === "number" ? numeral(value) : String(value);
}

function subjectText(subject: Subject): string {
  if (subject.kind === "keyword") return subject.keyword;
  if (subject.kind === "group") return `group.${subject.field}`;
  return /^\w+$/.test(subject.key) ? `annotation.${subject.key}` : `annotation[${subject.key}]`;
}

function nodeText({ name, type, accountId }: NodePattern): string {
  if (name !== undefined && type === undefined && accountId === undefined) return quoted(name);
  const parts = Object.entries({ name, type, "account.id": accountId }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${quoted(value)}`],
  );
  return `id(${parts.join(", ")})`;
}

function braces(where: Filter | undefined): string {
  return where === undefined ? "" : ` { ${printFilter(where)} }`;
}

/** In parentheses if it is more than one term, so that nothing hangs on precedence. */
function term(filter: Filter): string {
  const text = printFilter(filter);
  return filter.kind === "all" || filter.kind === "any" ? `(${text})` : text;
}

/**
 * Writes a filter as the AWS guide writes them: what {@link parseFilter} reads back as the same.
 *
 * @throws InputError when a text holds quotes or control characters, for which the guide gives no way
 */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "all":
      return filter.terms.map(term).join(" AND ");
    case "any":
      return filter.terms.map(term).join(" OR ");
    case "not":
      return `!${term(filter.term)}`;
    case "holds":
      return subjectText(filter.subject);
    case "compares":
      return `${subjectText(filter.subject)} ${filter.operator} ${valueText(filter.value)}`;
    case "service":
      return `service(${filter.node === undefined ? "" : nodeText(filter.node)})${braces(filter.where)}`;
    case "edge":
      return `edge(${nodeText(filter.source)}, ${nodeText(filter.destination)})${braces(filter.where)}`;
    case "cause":
      return `${filter.cause}${braces(filter.where)}`;
    case "cause-json":
      return `rootcause.json ${filter.operator} #${JSON.stringify(filter.causes)}`;
  }
}
