function wordsOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(/"([^"]+)"/g)].map(([, word]) => word as string);
}

/**
 * Evaluates the CloudWatch Logs filter patterns this suite generates against one log line: `{ $.x IS TRUE }` and
 * `{ $.x = "v" }`, which like CloudWatch look at top-level JSON only and match nothing in other text, and quoted words,
 * of which a line must hold every one, or any one when each has a `?`.
 *
 * @throws Error for any other pattern: guessing at CloudWatch's grammar would prove nothing
 */
export function matchesPattern(pattern: string, line: string): boolean {
  if (/^("[^"]+"( |$))+$/.test(pattern)) return wordsOf(pattern).every((word) => line.includes(word));
  if (/^(\?"[^"]+"( |$))+$/.test(pattern)) return wordsOf(pattern).some((word) => line.includes(word));
  const isTrue = /^\{ \$\.([\w]+) IS TRUE \}$/.exec(pattern);
  const equals = /^\{ \$\.([\w]+) = "([^"]*)" \}$/.exec(pattern);
  const field = isTrue?.[1] ?? equals?.[1];
  if (field === undefined) throw new Error(`Pattern ${pattern} is none this suite writes`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return false;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return false;
  const value = (parsed as Record<string, unknown>)[field];
  return isTrue === null ? value === equals?.[2] : value === true;
}
