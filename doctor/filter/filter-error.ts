import { plain } from "../../instruments/cli/plain";
import { InputError } from "../../instruments/terraform-file";

/** Columns of the expression shown on each side of an error. */
const SHOWN = 40;

function pointedAt(expression: string, column: number): string {
  const start = Math.max(0, column - 1 - SHOWN);
  const head = start > 0 ? "…" : "";
  const tail = column - 1 + SHOWN < expression.length ? "…" : "";
  const shown = plain(expression.slice(start, column - 1 + SHOWN));
  return `  ${head}${shown}${tail}\n  ${" ".repeat(head.length + column - 1 - start)}^`;
}

/** An expression that is none; the message points at the place. */
export class FilterError extends InputError {
  constructor(
    expression: string,
    /** Where it stops being one, counted from 1. */
    readonly column: number,
    found: string,
    expected: string,
    nextStep: string,
  ) {
    super(`filter expression, column ${column}`, plain(found), expected, nextStep);
    this.message += `\n${pointedAt(expression, column)}`;
  }
}
