import { isObject } from "../../terraform/model";
import type { LineTest } from "./line-test";
import { PatternFault, type Token, tokenize } from "./tokens";

function selected(line: unknown, selector: string): unknown {
  const steps = [...selector.slice(1).matchAll(/\.([\w@/*-]+)|\[(?:["']([^"']*)["']|(\d+))\]/g)];
  return steps.reduce<unknown>((value, [, name, quoted, index]) => {
    if (index !== undefined) return Array.isArray(value) ? value[Number(index)] : undefined;
    return isObject(value) ? value[(name ?? quoted) as string] : undefined;
  }, line);
}

function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^]*")}$`);
}

function equalTo(value: Token): (found: unknown) => boolean {
  if (value.kind === "regex") {
    const regex = new RegExp(value.text);
    return (found) => typeof found === "string" && regex.test(found);
  }
  const number = Number(value.text);
  const text = wildcard(value.text);
  return (found) =>
    typeof found === "number" && value.kind === "word" && !Number.isNaN(number)
      ? found === number
      : ["string", "number", "boolean"].includes(typeof found) && text.test(String(found));
}

/** Reads the inside of `{ … }`: comparisons of properties, joined by && and ||, the latter binding less. */
class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): LineTest {
    const test = this.#any();
    const rest = this.tokens[this.#at];
    if (rest !== undefined) throw new PatternFault(`"${rest.text}" is not expected where it stands`);
    return test;
  }

  #take(text: string): boolean {
    const here = this.tokens[this.#at];
    const taken = here?.text === text && here.kind !== "string";
    if (taken) this.#at += 1;
    return taken;
  }

  #any(): LineTest {
    const tests = [this.#all()];
    while (this.#take("||")) tests.push(this.#all());
    return (line) => tests.some((test) => test(line));
  }

  #all(): LineTest {
    const tests = [this.#one()];
    while (this.#take("&&")) tests.push(this.#one());
    return (line) => tests.every((test) => test(line));
  }

  #one(): LineTest {
    if (this.#take("(")) {
      const inner = this.#any();
      if (!this.#take(")")) throw new PatternFault("a parenthesis is not closed");
      return inner;
    }
    const selector = this.tokens[this.#at];
    if (selector?.kind !== "selector") throw new PatternFault("a property such as $.level is missing");
    this.#at += 1;
    const found = (line: unknown) => selected(line, selector.text);
    if (this.#take("EXISTS")) return (line) => found(line) !== undefined;
    if (this.#take("NOT")) {
      if (!this.#take("EXISTS")) throw new PatternFault("NOT is followed by something else than EXISTS");
      return (line) => found(line) === undefined;
    }
    if (this.#take("IS")) {
      for (const [word, wanted] of [
        ["TRUE", true],
        ["FALSE", false],
        ["NULL", null],
      ] as const)
        if (this.#take(word)) return (line) => found(line) === wanted;
      throw new PatternFault("IS is followed by something else than TRUE, FALSE or NULL");
    }
    return this.#comparison(found);
  }

  #comparison(found: (line: unknown) => unknown): LineTest {
    const operator = this.tokens[this.#at];
    const value = this.tokens[this.#at + 1];
    if (operator?.kind !== "operator")
      throw new PatternFault("a comparison is missing; equality is a single =");
    if (value === undefined || ["operator", "group", "selector"].includes(value.kind))
      throw new PatternFault(`"${operator.text}" is not followed by a value`);
    this.#at += 2;
    if (operator.text === "=" || operator.text === "!=") {
      const equal = equalTo(value);
      if (operator.text === "=") return (line) => equal(found(line));
      return (line) => found(line) !== undefined && !equal(found(line));
    }
    const bound = Number(value.text);
    if (Number.isNaN(bound))
      throw new PatternFault(`"${operator.text}" compares with a number, not with "${value.text}"`);
    const compare: Readonly<Record<string, (one: number) => boolean>> = {
      "<": (one) => one < bound,
      ">": (one) => one > bound,
      "<=": (one) => one <= bound,
      ">=": (one) => one >= bound,
    };
    return (line) => {
      const one = found(line);
      return typeof one === "number" && compare[operator.text]?.(one) === true;
    };
  }
}

/**
 * The test of a JSON pattern, given without its braces.
 *
 * @throws PatternFault when CloudWatch would refuse it
 */
export function jsonTest(inside: string): LineTest {
  const tokens = tokenize(inside);
  if (tokens.length === 0) throw new PatternFault("it compares nothing");
  return new Reader(tokens).whole();
}
