import { FilterError } from "./filter-error";
import { type Token, tokenize } from "./token";

const GUIDE = "docs/traces.md lists what there is";

/** Walks over the tokens of an expression. */
export class Cursor {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws FilterError when the text cannot be split into tokens */
  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokenize(expression);
  }

  /** The next token; the last one stays. */
  get next(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    if (token === undefined) throw new RangeError("an expression without tokens");
    return token;
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.next;
    this.#at++;
    return token;
  }

  /** True when the next token is this symbol, or this word in any case. */
  sees(text: string): boolean {
    const { kind, text: found } = this.next;
    return (kind === "symbol" && found === text) || (kind === "word" && found.toUpperCase() === text);
  }

  /** Takes a symbol or word if it is next. */
  takes(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.#at++;
    return seen;
  }

  /** Takes a symbol. @throws FilterError when something else is next */
  expect(text: string): void {
    if (!this.takes(text)) throw this.fault(`"${text}"`);
  }

  /** Takes a token of a kind. @throws FilterError when another is next */
  expectKind(kind: Token["kind"], expected: string, nextStep?: string): Token {
    if (this.next.kind !== kind) throw this.fault(expected, nextStep);
    return this.take();
  }

  /** An error at a token. */
  fault(expected: string, nextStep: string = GUIDE, token: Token = this.next): FilterError {
    const shown = token.kind === "string" ? `the string "${token.text}"` : `"${token.text}"`;
    const found = token.kind === "end" ? "the end" : shown;
    return new FilterError(this.#expression, token.column, found, expected, nextStep);
  }
}
