import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(__filename).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResults {
  readonly violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
}

/** Serious and critical violations of the page as it is. Evaluated from outside, where the page's own policy does not apply. */
export async function axe(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate<AxeResults>(`${AXE}; axe.run(document)`);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
