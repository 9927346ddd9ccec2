/**
 * Evaluates the two CloudWatch Logs filter patterns this suite generates, `{ $.x IS TRUE }` and `{ $.x = "v" }`,
 * against one log line. Like CloudWatch it looks at top-level JSON only and matches nothing in other text.
 *
 * @throws Error for any other pattern: guessing at CloudWatch's grammar would prove nothing
 */
export function matchesPattern(pattern: string, line: string): boolean {
  const isTrue = /^\{ \$\.([\w]+) IS TRUE \}$/.exec(pattern);
  const equals = /^\{ \$\.([\w]+) = "([^"]*)" \}$/.exec(pattern);
  const field = isTrue?.[1] ?? equals?.[1];
  if (field === undefined) throw new Error(`Pattern ${pattern} is neither { $.x IS TRUE } nor { $.x = "v" }`);
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
