const TOKEN =
  /\s*(?:(\(|\)|&&|\|\|)|(\$(?:\.(?:[\w@/-]+|\*)|\.?\[[^\]]*\])*)|(!=|<=|>=|=(?!=)|<|>)|"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s()"%=<>&|!]+))/y;

/** A piece of a JSON pattern. */
export interface Token {
  readonly kind: "group" | "selector" | "operator" | "string" | "regex" | "word";
  readonly text: string;
}

const KINDS = ["group", "selector", "operator", "string", "regex", "word"] as const;

/** A JSON pattern that CloudWatch would refuse; the message says why. */
export class PatternFault extends Error {
  override readonly name = "PatternFault";
}

/**
 * Splits the inside of a JSON pattern.
 *
 * @throws PatternFault at text that is no part of a pattern
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; source.slice(at).trim() !== ""; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null)
      throw new PatternFault(`it cannot be read from "${source.slice(at).trim().slice(0, 20)}" on`);
    const index = match.slice(1).findIndex((one) => one !== undefined);
    tokens.push({ kind: KINDS[index] as Token["kind"], text: match[index + 1] as string });
  }
  return tokens;
}
