import { Command } from "commander";
import { DEPLOYMENT_ORDER, DEPLOYMENT_STEPS } from "../../contract/deployment-order";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import { json as asJson } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { orderFaults } from "./deployment-order";

const AFTER = `
Example, before a change that starts the canary:
  tracewright gate order quota permissions tracer metrics topic-propagation silent-failures streaming mail canary

Exit codes: 0 the order holds, or no steps were given and the order is printed, 1 it does not, 2 wrong usage.`;

function theOrder(): string {
  const width = Math.max(...DEPLOYMENT_ORDER.map((name) => name.length));
  return DEPLOYMENT_ORDER.map((name) => {
    const { after, what } = DEPLOYMENT_STEPS[name];
    const needs = after.length === 0 ? "" : ` After ${after.join(", ")}.`;
    return `${name.padEnd(width)}  ${what}${needs}`;
  }).join("\n");
}

function gateOrder(terminal: Terminal, steps: readonly string[], json: boolean): Exit {
  const faults = orderFaults(steps);
  if (json) terminal.out(asJson({ gate: "order", steps, faults }));
  else if (steps.length === 0) terminal.out(theOrder());
  else if (faults.length === 0) terminal.out(`${terminal.paint("green", "passed")}  ${steps.join(", ")}`);
  else for (const { step, why } of faults) terminal.out(`${terminal.paint("red", "failed")}  ${step} ${why}`);
  return faults.length === 0 ? EXIT.fine : EXIT.findings;
}

/** The command `tracewright gate order`. */
export function orderCommand(terminal: Terminal): Command {
  return new Command("order")
    .summary("judge the order in which steps go live")
    .description("Judge whether steps may go live in the order given, or print the order.")
    .argument("[steps...]", "steps in order, those that are live already first")
    .option("--json", "print the verdict as JSON")
    .addHelpText("after", AFTER)
    .action((steps: readonly string[], options: { readonly json?: boolean }) => {
      process.exitCode = gateOrder(terminal, steps, options.json === true);
    });
}
