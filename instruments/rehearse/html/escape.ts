const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is safe in HTML content and quoted attributes; control characters become spaces. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => ENTITIES[one] as string).replace(/\p{Cc}/gu, " ");
}
