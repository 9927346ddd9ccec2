const FORMAT = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** A time of today for people, 14:03:09, that programs can read too. @param at milliseconds since 1970 */
export function clockTime(at: number): HTMLTimeElement {
  const time = document.createElement("time");
  time.dateTime = new Date(at).toISOString();
  time.textContent = FORMAT.format(at);
  return time;
}
