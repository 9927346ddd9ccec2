/** Marks in values that stand for what only `terraform apply` or another file knows. */

/** Stands for a value nobody can trace. */
export const UNKNOWN = "${known_after_apply}";

/** Stands for a value Terraform marks as sensitive: it must not reach any output. */
export const SENSITIVE = "${sensitive}";

const INDEX = String.raw`(?:\[(?:"[^"]*"|'[^']*'|\d+|\*)\])?`;
const REFERENCE = new RegExp(
  String.raw`(?<![\w.-])((?:module\.[\w-]+${INDEX}\.)*(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*${INDEX})`,
  "g",
);
const ATTRIBUTE = new RegExp(
  String.raw`^\$\{((?:module\.[\w-]+${INDEX}\.)*(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*${INDEX})\.(\w+)\}$`,
);

/** True when a value is, or contains, an expression that Terraform has not resolved yet. Objects and lists are searched. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${");
  if (Array.isArray(value)) return value.some(isUnresolved);
  return typeof value === "object" && value !== null && Object.values(value).some(isUnresolved);
}

/** Addresses of the resources and data sources a value refers to, in order of appearance, without repetition. */
export function referencesIn(value: unknown): readonly string[] {
  const source = typeof value === "string" ? value : (JSON.stringify(value) ?? "").replaceAll('\\"', '"');
  const expressions = source.match(/\$\{[^}]*\}/g) ?? [];
  const found = expressions.flatMap((expression) =>
    [...expression.matchAll(REFERENCE)].map((match) => match[1] as string),
  );
  return [...new Set(found)];
}

/** Address and attribute when a string is exactly one reference, as `${aws_sns_topic.alarms.arn}` is. */
export function soleReference(value: string): { address: string; attribute: string } | undefined {
  const match = ATTRIBUTE.exec(value);
  return match === null ? undefined : { address: match[1] as string, attribute: match[2] as string };
}

/** Splits an address at dots outside of brackets: `module.a["x.y"].aws_sns_topic.b` has four parts. */
export function partsOf(address: string): readonly string[] {
  return address.match(/(?:[^.[\]]+|\[[^\]]*\])+/g) ?? [];
}

/** An address without instance keys: `module.a["x"].aws_sns_topic.b[0]` becomes `module.a.aws_sns_topic.b`. */
export function withoutKeys(address: string): string {
  return address.replace(/\[(?:"[^"]*"|'[^']*'|\d+)\]/g, "");
}
