import { Command } from "commander";
import type { Exit } from "../../instruments/cli/exit";
import type { Terminal } from "../../instruments/cli/terminal";
import { diagnose, exitOf } from "../probes/diagnosis";
import { surroundingsOf } from "../probes/surroundings";
import { forMachines } from "./machines";
import { chosen, type Options, READ, settingsOf } from "./options";
import { forPeople } from "./people";

const PINS = "containers/sse/pins.lock.json";

const AFTER = `
Examples:
  tracewright doctor --region eu-west-1 --function prod-sentiment-ingestion --service sentiment-analyzer-ingestion
  tracewright doctor --daemon 127.0.0.1:2000 --daemon-log /var/log/xray/xray.log
  tracewright doctor --url https://www.example.com/api/health --url https://api.example.com/health

A probe without its option is skipped, and says which one it wants. Only --send-test-segment writes: one segment named
tracewright-doctor. Credentials and endpoint are the AWS SDK's (AWS_PROFILE, AWS_ENDPOINT_URL and so on).

Exit codes: 0 no required probe failed, 1 one did, 2 wrong usage, 3 a required probe could not decide, or nothing was
looked at.`;

async function run(terminal: Terminal, options: Options): Promise<Exit> {
  const probes = chosen(options.only);
  const surroundings = surroundingsOf(settingsOf(options, process.env));
  const diagnoses = await diagnose(probes, surroundings, (labels) =>
    terminal.progress(`waiting for: ${labels.join(", ")}`),
  );
  terminal.out(
    options.json === true ? forMachines(diagnoses) : forPeople(terminal, diagnoses, options.verbose === true),
  );
  return exitOf(diagnoses);
}

/** The command `tracewright doctor`. */
export function diagnoseCommand(terminal: Terminal): Command {
  return new Command("doctor")
    .summary("find out why no traces appear")
    .description(
      "Turn “no traces appear” into a cause and a fix: look at everything between a program and X-Ray.",
    )
    .option("--region <region>", "AWS region; default: the SDK's")
    .option("--function <name>", "a Lambda function (again for more)", READ.function, [])
    .option("--role <arn>", "a role that writes traces (again for more)", READ.role, [])
    .option("--service <name>", "a name the service graph should show (again for more)", READ.service, [])
    .option("--topic <arn>", "a topic that traces go through (again for more)", READ.topic, [])
    .option("--url <address>", "an address to ask, from the outermost hop inwards", READ.url, [])
    .option("--daemon <address>", "the X-Ray daemon; default: AWS_XRAY_DAEMON_ADDRESS")
    .option("--daemon-log <file>", "the daemon's log")
    .option("--collector <url>", "an OTLP receiver; default: OTEL_EXPORTER_OTLP_ENDPOINT", READ.collector)
    .option("--collector-config <file>", "the collector's configuration")
    .option("--pins <file>", "lock file that says which collector is pinned", PINS)
    .option("--entry <file>", "the file a program starts with")
    .option("--trace <file-or-id>", "recorded traces, or a trace in X-Ray")
    .option("--request <method-and-url>", "a request whose sampling is asked about", READ.request)
    .option("--send-test-segment", "write one segment and look for it")
    .option("--only <probe>", "ask this probe alone (again for more)", READ.only, [])
    .option("--verbose", "tell everything of what passed, too")
    .option("--json", "print the diagnosis as JSON")
    .addHelpText("after", AFTER)
    .action(async (options: Options) => {
      process.exitCode = await run(terminal, options);
    });
}
