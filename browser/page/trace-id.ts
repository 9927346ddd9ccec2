import { button, html } from "./element";

const SAID_MS = 1500;

async function copy(id: string, pressed: HTMLButtonElement, label: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(id);
    pressed.textContent = "Copied";
  } catch {
    // Not allowed here; the id can still be selected by hand.
    pressed.textContent = "Select it";
  }
  setTimeout(() => {
    pressed.textContent = label;
  }, SAID_MS);
}

/**
 * A trace id to read and to copy.
 *
 * @param id bare; `undefined` when the request had none
 * @param viewer address below which a local viewer shows traces; empty for none
 */
export function traceId(id: string | undefined, viewer = ""): HTMLElement {
  if (id === undefined) return html("span", { class: "quiet" }, "none");
  const code = html("code", {}, id);
  const shown = viewer === "" ? code : html("a", { href: `${viewer}/${id}`, target: "_blank" }, code);
  const press = button("Copy", { class: "small", "aria-label": `Copy trace id ${id}` }, () => {
    void copy(id, press, "Copy");
  });
  return html("span", { class: "trace" }, shown, press);
}
