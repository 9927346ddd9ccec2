import { type Browser, chromium } from "playwright-core";
import { commandOf } from "./tools";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium without a window and without calls of its own. @param more flags besides the usual ones */
export function launchChromium(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: commandOf("chromium"), args: [...FLAGS, ...more] });
}
