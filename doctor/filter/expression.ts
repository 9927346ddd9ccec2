import type { Keyword, Operator, RootCause } from "./keywords";

/** What stands on the left of an operator. */
export type Subject =
  | { readonly kind: "keyword"; readonly keyword: Keyword }
  | { readonly kind: "annotation"; readonly key: string }
  | { readonly kind: "group"; readonly field: "name" | "arn" };

/** A node of the trace map; everything that is given has to match. */
export interface NodePattern {
  readonly name?: string;
  /** For example `AWS::Lambda::Function`. */
  readonly type?: string;
  readonly accountId?: string;
}

/** A value on the right of an operator. */
export type Value = string | number | boolean;

/** A filter expression. `all` and `any` have at least two terms, none of their own kind; nothing is negated twice. */
export type Filter =
  | { readonly kind: "all"; readonly terms: readonly Filter[] }
  | { readonly kind: "any"; readonly terms: readonly Filter[] }
  | { readonly kind: "not"; readonly term: Filter }
  /** True, or set. */
  | { readonly kind: "holds"; readonly subject: Subject }
  | {
      readonly kind: "compares";
      readonly subject: Subject;
      readonly operator: Operator;
      readonly value: Value;
    }
  | { readonly kind: "service"; readonly node: NodePattern | undefined; readonly where: Filter | undefined }
  | {
      readonly kind: "edge";
      readonly source: NodePattern;
      readonly destination: NodePattern;
      readonly where: Filter | undefined;
    }
  | { readonly kind: "cause"; readonly cause: RootCause; readonly where: Filter | undefined }
  | { readonly kind: "cause-json"; readonly operator: "=" | "!="; readonly causes: readonly unknown[] };

function joined(kind: "all" | "any", terms: readonly Filter[]): Filter {
  const flat = terms.flatMap((term) => (term.kind === kind ? term.terms : [term]));
  const [only] = flat;
  if (only === undefined) throw new RangeError(`${kind} of nothing`);
  return flat.length === 1 ? only : { kind, terms: flat };
}

/** All of these. @throws RangeError when there are none */
export function all(terms: readonly Filter[]): Filter {
  return joined("all", terms);
}

/** Any of these. @throws RangeError when there are none */
export function any(terms: readonly Filter[]): Filter {
  return joined("any", terms);
}

/** Not this. */
export function not(term: Filter): Filter {
  return term.kind === "not" ? term.term : { kind: "not", term };
}
