import { comparisonOf, keywordOf } from "./comparison";
import { Cursor } from "./cursor";
import { all, any, type Filter, type NodePattern, not } from "./expression";
import { ROOT_CAUSES, type RootCause, type Scope } from "./keywords";
import type { Token } from "./token";

/** Deepest nesting read; a long expression could otherwise exhaust the stack. */
const MAX_DEPTH = 50;

const TERM = 'a keyword such as fault, service("NAME") or annotation[KEY]';
const KEY = /^[\w.:/-]+$/;

/** Names of the parts of `id(…)`, as written, and of their property. */
const ID_PARTS = { name: "name", type: "type", "account.id": "accountId" } as const;

function isIdPart(name: string): name is keyof typeof ID_PARTS {
  return Object.hasOwn(ID_PARTS, name);
}

function causeOf(word: string): RootCause | undefined {
  return ROOT_CAUSES.find((cause) => cause === word);
}

class Parser {
  readonly #cursor: Cursor;
  #depth = 0;

  constructor(expression: string) {
    this.#cursor = new Cursor(expression);
  }

  whole(): Filter {
    const filter = this.#any("trace");
    if (this.#cursor.next.kind !== "end") throw this.#cursor.fault("AND, OR or the end");
    return filter;
  }

  #any(scope: Scope): Filter {
    const terms = [this.#all(scope)];
    while (this.#cursor.takes("OR")) terms.push(this.#all(scope));
    return any(terms);
  }

  /** Terms side by side have to hold together, too. */
  #all(scope: Scope): Filter {
    const terms = [this.#term(scope)];
    for (;;) {
      const { kind } = this.#cursor.next;
      const another = this.#cursor.takes("AND");
      const beside =
        !this.#cursor.sees("OR") && (kind === "word" || ["!", "("].some((one) => this.#cursor.sees(one)));
      if (!another && !beside) return all(terms);
      terms.push(this.#term(scope));
    }
  }

  #term(scope: Scope): Filter {
    if (++this.#depth > MAX_DEPTH)
      throw this.#cursor.fault(`at most ${MAX_DEPTH} levels`, "split the expression");
    const term = this.#one(scope);
    this.#depth--;
    return term;
  }

  #one(scope: Scope): Filter {
    if (this.#cursor.takes("!") || this.#cursor.takes("NOT")) return not(this.#term(scope));
    if (this.#cursor.takes("(")) {
      const inner = this.#any(scope);
      this.#cursor.expect(")");
      return inner;
    }
    if (["AND", "OR"].some((word) => this.#cursor.sees(word))) throw this.#cursor.fault(TERM);
    const word = this.#cursor.expectKind("word", TERM);
    const name = word.text.toLowerCase();
    const [head] = name.split(".");
    if (head === "annotation") return this.#annotation(word, scope);
    if (["service", "edge", "group", "rootcause"].includes(head ?? ""))
      return this.#complex(word, name, scope);
    return comparisonOf(this.#cursor, { kind: "keyword", keyword: keywordOf(this.#cursor, word, scope) });
  }

  #annotation(word: Token, scope: Scope): Filter {
    if (!["trace", "service", "edge"].includes(scope)) {
      throw this.#cursor.fault("no annotation: root causes have none", "move it out of the braces", word);
    }
    const [, ...rest] = word.text.split(".");
    if (rest.length > 1) {
      throw this.#cursor.fault("a key without dots", `write annotation[${rest.join(".")}]`, word);
    }
    const key = rest[0] ?? this.#cursor.expectKind("key", "annotation.KEY or annotation[KEY]").text;
    if (!KEY.test(key)) throw this.#cursor.fault("the key of an annotation in the brackets", undefined, word);
    return comparisonOf(this.#cursor, { kind: "annotation", key });
  }

  #complex(word: Token, name: string, scope: Scope): Filter {
    if (scope !== "trace")
      throw this.#cursor.fault("a keyword: braces hold no further node", "join two with AND", word);
    const cause = causeOf(name);
    if (cause !== undefined) return { kind: "cause", cause, where: this.#braces(cause) };
    switch (name) {
      case "service":
        return this.#service();
      case "edge":
        return this.#edge();
      case "group.name":
      case "group.arn":
        return comparisonOf(this.#cursor, { kind: "group", field: name === "group.arn" ? "arn" : "name" });
      case "rootcause.json":
        return this.#json();
      default:
        throw this.#cursor.fault(
          `service, edge, group.name, group.arn, rootcause.json, ${ROOT_CAUSES.join(", ")}`,
          undefined,
          word,
        );
    }
  }

  #service(): Filter {
    this.#cursor.expect("(");
    const node = this.#cursor.sees(")") ? undefined : this.#node();
    this.#cursor.expect(")");
    return { kind: "service", node, where: this.#braces("service") };
  }

  #edge(): Filter {
    this.#cursor.expect("(");
    const source = this.#node();
    this.#cursor.expect(",");
    const destination = this.#node();
    this.#cursor.expect(")");
    return { kind: "edge", source, destination, where: this.#braces("edge") };
  }

  #braces(scope: Scope): Filter | undefined {
    if (!this.#cursor.takes("{")) return undefined;
    const inner = this.#any(scope);
    this.#cursor.expect("}");
    return inner;
  }

  #node(): NodePattern {
    const { kind } = this.#cursor.next;
    if (kind === "string") return { name: this.#text() };
    if (!this.#cursor.takes("ID"))
      throw this.#cursor.fault('a name in double quotes, or id(name: "…", type: "…")');
    this.#cursor.expect("(");
    const node: { name?: string; type?: string; accountId?: string } = {};
    do {
      const part = this.#cursor.expectKind("word", Object.keys(ID_PARTS).join(", "));
      if (!isIdPart(part.text) || node[ID_PARTS[part.text]] !== undefined) {
        throw this.#cursor.fault(`${Object.keys(ID_PARTS).join(", ")}, each once`, undefined, part);
      }
      this.#cursor.expect(":");
      node[ID_PARTS[part.text]] = this.#text();
    } while (this.#cursor.takes(","));
    this.#cursor.expect(")");
    return node;
  }

  #text(): string {
    const token = this.#cursor.expectKind("string", 'a text in double quotes, "…"');
    if (token.text === "")
      throw this.#cursor.fault("a text that is not empty", "leave it out instead", token);
    return token.text;
  }

  #json(): Filter {
    const operator = this.#cursor.takes("=") ? "=" : this.#cursor.takes("!=") ? "!=" : undefined;
    if (operator === undefined) throw this.#cursor.fault("=, !=");
    const token = this.#cursor.expectKind("json", "#[…], a list of root causes");
    let causes: unknown;
    try {
      causes = JSON.parse(token.text);
    } catch {
      // Told below with what is no list either.
    }
    if (Array.isArray(causes)) return { kind: "cause-json", operator, causes };
    throw this.#cursor.fault("a JSON list behind the hash, #[…]", "copy it from a trace summary", token);
  }
}

/**
 * Parses a filter expression of X-Ray. AND binds tighter than OR; `NOT`, which the AWS guide does not know, is read as `!`.
 *
 * @throws FilterError with column, what was found, what was expected, and a line that points at it
 */
export function parseFilter(expression: string): Filter {
  return new Parser(expression).whole();
}
