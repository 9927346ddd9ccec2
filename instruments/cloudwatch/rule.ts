/** Rule expressions of composite alarms. Source: user guide, "Create a composite alarm"; API, PutCompositeAlarm. */

import type { AlarmState } from "./missing-data";
import { type CouldNotEvaluate, couldNotEvaluate, isCouldNotEvaluate } from "./outcome";

/** A parsed rule. `alarm` is a name; an ARN is read as the name it ends in. */
export type RuleNode =
  | { readonly kind: "state"; readonly state: AlarmState; readonly alarm: string; readonly column: number }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "not"; readonly operand: RuleNode }
  | { readonly kind: "and" | "or"; readonly operands: readonly RuleNode[] };

const MAX_RULE = 10_240;
const MAX_DEPTH = 200;
const STATES: readonly string[] = ["ALARM", "OK", "INSUFFICIENT_DATA"];
const TOKEN = /\s*(?:([()])|([A-Za-z_]+)|(\S))/y;
const QUOTED = /\s*(?:"([^"]*)"|'([^']*)'|([^\s()"']+))\s*\)/y;

/**
 * Parses a rule: ALARM(x), OK(x), INSUFFICIENT_DATA(x) with the name quoted or bare, TRUE, FALSE, NOT, AND, OR and
 * parentheses; NOT binds tightest, then AND. Anything else (AT_LEAST, say) is refused by name and column. Never throws.
 */
export function parseRule(rule: string): RuleNode | CouldNotEvaluate {
  if (rule.length > MAX_RULE) {
    return couldNotEvaluate("rule", `is ${rule.length} characters, CloudWatch takes ${MAX_RULE}`);
  }
  let at = 0;

  function next(): { text: string; column: number; end: number } {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(rule);
    if (found === null) return { text: "", column: rule.length + 1, end: rule.length };
    const text = (found[1] ?? found[2] ?? found[3]) as string;
    return { text, column: found.index + found[0].length - text.length + 1, end: TOKEN.lastIndex };
  }

  function chain(kind: "or" | "and", word: string, depth: number): RuleNode | CouldNotEvaluate {
    const operands: RuleNode[] = [];
    for (;;) {
      const operand = kind === "or" ? chain("and", "AND", depth) : unit(depth);
      if (isCouldNotEvaluate(operand)) return operand;
      operands.push(operand);
      const token = next();
      if (token.text !== word) break;
      at = token.end;
    }
    return operands.length === 1 ? (operands[0] as RuleNode) : { kind, operands };
  }

  function unit(depth: number): RuleNode | CouldNotEvaluate {
    const token = next();
    if (depth > MAX_DEPTH) return couldNotEvaluate("rule", `nests deeper than ${MAX_DEPTH}`, token.column);
    at = token.end;
    if (token.text === "NOT") {
      const operand = unit(depth + 1);
      return isCouldNotEvaluate(operand) ? operand : { kind: "not", operand };
    }
    if (token.text === "(") {
      const inner = chain("or", "OR", depth + 1);
      if (isCouldNotEvaluate(inner)) return inner;
      const close = next();
      if (close.text !== ")") return unexpected(close, '")"');
      at = close.end;
      return inner;
    }
    if (/^(true|false)$/i.test(token.text)) {
      return { kind: "constant", value: token.text.toUpperCase() === "TRUE" };
    }
    if (STATES.includes(token.text)) return reference(token.text as AlarmState, token.column);
    return unexpected(token, "ALARM, OK, INSUFFICIENT_DATA, TRUE, FALSE, NOT or a parenthesis");
  }

  function reference(state: AlarmState, column: number): RuleNode | CouldNotEvaluate {
    const open = next();
    if (open.text !== "(") return unexpected(open, `"(" after ${state}`);
    QUOTED.lastIndex = open.end;
    const found = QUOTED.exec(rule);
    const name = found?.[1] ?? found?.[2] ?? found?.[3];
    if (name === undefined || name === "") {
      return couldNotEvaluate(state, "needs one alarm name and a closing parenthesis", open.column);
    }
    at = QUOTED.lastIndex;
    return { kind: "state", state, alarm: alarmNameOf(name), column };
  }

  const tree = chain("or", "OR", 0);
  if (isCouldNotEvaluate(tree)) return tree;
  const rest = next();
  return rest.text === "" ? tree : unexpected(rest, "AND, OR or the end of the rule");
}

function unexpected(token: { text: string; column: number }, wanted: string): CouldNotEvaluate {
  const what = token.text === "" ? "end of rule" : token.text;
  return couldNotEvaluate(what, `stands where ${wanted} was expected`, token.column);
}

/** The alarm's name, from a name or an ARN (`arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME`). */
export function alarmNameOf(nameOrArn: string): string {
  const arn = /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(nameOrArn);
  return arn?.[1] ?? nameOrArn;
}

/** The names a rule refers to, each once, in order of appearance. */
export function alarmsIn(rule: RuleNode): string[] {
  const names = new Set<string>();
  const visit = (node: RuleNode): void => {
    if (node.kind === "state") names.add(node.alarm);
    else if (node.kind === "not") visit(node.operand);
    else if (node.kind !== "constant") node.operands.forEach(visit);
  };
  visit(rule);
  return [...names];
}

/** Whether the rule holds, given each alarm's state. */
export function holds(rule: RuleNode, stateOf: (alarm: string) => AlarmState): boolean {
  switch (rule.kind) {
    case "constant":
      return rule.value;
    case "state":
      return stateOf(rule.alarm) === rule.state;
    case "not":
      return !holds(rule.operand, stateOf);
    case "and":
      return rule.operands.every((operand) => holds(operand, stateOf));
    case "or":
      return rule.operands.some((operand) => holds(operand, stateOf));
  }
}
