import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { page as pageOf } from "../../../instruments/rehearse/html/page";
import { rehearse } from "../../../instruments/rehearse/rehearsal";
import { readScenarios } from "../../../instruments/rehearse/scenario-file";
import { knowledgeOf } from "../../../policies/known";
import { launchChromium } from "../../support/chromium";
import { model } from "../../support/synthesized";
import { describeWith } from "../../support/tools";

/** What {@link MEASURE} finds in the page; lengths in CSS pixels. */
interface Seen {
  readonly page: number;
  readonly matrix: number;
  readonly scrolls: boolean;
  readonly stuck: number;
  readonly first: number;
  readonly rows: number;
  readonly unscoped: number;
  readonly uncaptioned: number;
  readonly plots: number;
  readonly outside: number;
}

/** Runs in the browser, hence text: this project compiles without browser types. */
const MEASURE = `(() => {
  const scroll = document.querySelector(".scroll");
  const head = scroll.querySelector("tbody th");
  scroll.scrollTo({ left: 400 });
  const wide = (one) => one.scrollWidth > one.clientWidth + 1;
  return {
    page: document.documentElement.scrollWidth - window.innerWidth,
    matrix: scroll.getBoundingClientRect().width,
    scrolls: scroll.scrollWidth > scroll.clientWidth,
    stuck: head.getBoundingClientRect().left - scroll.getBoundingClientRect().left,
    first: head.getBoundingClientRect().width / scroll.clientWidth,
    rows: document.querySelectorAll(".matrix tbody tr").length,
    unscoped: document.querySelectorAll("th:not([scope])").length,
    uncaptioned: [...document.querySelectorAll("table")].filter((one) => one.caption === null).length,
    plots: document.querySelectorAll(".alarm svg[role=img][aria-label]").length,
    outside: [...document.querySelectorAll(".alarm, .sums li")].filter(wide).length,
  };
})()`;

describeWith(["chromium"], "the page of a rehearsal in a browser", () => {
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    const rehearsal = rehearse({
      file: "prod.json",
      terraform: model("prod"),
      scenarioFile: "the shipped scenarios",
      scenarios: readScenarios(undefined),
      knowledge: knowledgeOf("prod"),
      tier: "full",
      lagSeconds: 60,
    });
    const file = join(mkdtempSync(join(tmpdir(), "tracewright-page-")), "rehearsal.html");
    writeFileSync(file, pageOf(rehearsal));
    url = pathToFileURL(file).href;
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  describe.each([
    [1280, "light"],
    [1280, "dark"],
    [390, "light"],
    [390, "dark"],
  ] as const)("at %i px, %s", (width, colorScheme) => {
    test("A5 shows the matrix without overflow, error or request", async () => {
      const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const problems: string[] = [];
      const requests: string[] = [];
      tab.on("console", (message) => problems.push(message.text()));
      tab.on("pageerror", (error) => problems.push(error.message));
      tab.on("requestfailed", (request) => problems.push(request.url()));
      tab.on("request", (request) => requests.push(request.url()));
      await tab.goto(url);
      const seen = await tab.evaluate<Seen>(MEASURE);
      await tab.keyboard.press("Tab");
      const focused = await tab.evaluate<string>("document.activeElement.getAttribute('role')");
      await tab.close();
      expect(problems).toEqual([]);
      expect(requests.filter((one) => one !== url && !one.startsWith("data:"))).toEqual([]);
      expect(seen).toMatchObject({ page: 0, scrolls: true, unscoped: 0, uncaptioned: 0, outside: 0 });
      expect(seen.matrix).toBeGreaterThan(width * 0.85);
      expect(seen.first).toBeLessThan(0.6);
      expect(Math.abs(seen.stuck)).toBeLessThan(2);
      expect(seen.rows).toBeGreaterThan(50);
      expect(seen.plots).toBeGreaterThan(40);
      expect(focused).toBe("region");
    });
  });
});
