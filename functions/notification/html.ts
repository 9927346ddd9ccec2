const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Tag of a template string that becomes HTML: every value is escaped, for text and for quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const escaped = values.map((value) => String(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? ""));
  return parts.map((part, index) => part + (escaped[index] ?? "")).join("");
}
