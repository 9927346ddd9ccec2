import { button, html } from "./element";

/** A fault the lab can cause, as it describes itself. */
interface Fault {
  readonly name: string;
  readonly label: string;
  readonly effect: string;
}

function faultsOf(answer: unknown): readonly Fault[] {
  return (Array.isArray(answer) ? answer : []).map((one: Partial<Record<keyof Fault, unknown>>) => ({
    name: String(one.name),
    label: String(one.label),
    effect: String(one.effect),
  }));
}

/** Where the faults are shown. */
export interface FaultParts {
  readonly section: HTMLElement;
  readonly list: HTMLElement;
  readonly said: HTMLElement;
}

/**
 * Shows a button per fault the lab can cause.
 *
 * @param labUrl address of the lab's controls
 */
export async function showFaults({ section, list, said }: FaultParts, labUrl: string): Promise<void> {
  const cause = async ({ name, label }: Fault) => {
    const response = await fetch(`${labUrl}/faults/${name}`, { method: "POST" });
    said.textContent = response.ok ? `Done: ${label}.` : `The lab refused: ${response.status}.`;
  };
  const faults = faultsOf(await (await fetch(`${labUrl}/faults`)).json());
  list.replaceChildren(
    ...faults.map((fault) =>
      html(
        "li",
        {},
        button(fault.label, {}, () => void cause(fault)),
        html("span", { class: "quiet" }, fault.effect),
      ),
    ),
  );
  section.hidden = faults.length === 0;
}
