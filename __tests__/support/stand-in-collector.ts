import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parse } from "yaml";

// Stands in for the collector extension: registers, reads the configuration, knows one receiver and one exporter and no
// processor, as the Lambda build does, and ends when Lambda shuts down.
type Parts = Readonly<Record<string, unknown>> | undefined;
const api = `http://${process.env["AWS_LAMBDA_RUNTIME_API"]}/2020-01-01/extension`;

function problemOf(config: Readonly<Record<string, Parts>>): string | undefined {
  const known: Readonly<Record<string, readonly string[]>> = {
    receivers: ["otlp"],
    exporters: ["awsxray"],
    processors: [],
  };
  for (const [kind, types] of Object.entries(known)) {
    const unknown = Object.keys(config[kind] ?? {}).find((name) => !types.includes(name));
    if (unknown !== undefined) return `unknown type "${unknown}" in ${kind}`;
  }
  const { pipelines = {} } = (config["service"] ?? {}) as {
    pipelines?: Record<string, Record<string, string[]>>;
  };
  for (const [name, pipeline] of Object.entries(pipelines))
    for (const [kind, used] of Object.entries(pipeline)) {
      const undefinedOne = used.find((one) => config[kind]?.[one] === undefined);
      if (undefinedOne !== undefined)
        return `pipeline ${name} uses ${kind} ${undefinedOne}, which is not configured`;
    }
  return undefined;
}

async function main(): Promise<void> {
  const registered = await fetch(`${api}/register`, {
    method: "POST",
    body: '{"events":["INVOKE","SHUTDOWN"]}',
  });
  const headers = {
    "Lambda-Extension-Identifier": registered.headers.get("lambda-extension-identifier") ?? "",
  };
  let problem: string | undefined;
  try {
    problem = problemOf(parse(readFileSync(process.env["OPENTELEMETRY_COLLECTOR_CONFIG_URI"] ?? "", "utf8")));
  } catch (error) {
    problem = String(error);
  }
  if (problem !== undefined) {
    process.stdout.write(`${problem}\n`);
    await fetch(`${api}/init/error`, { method: "POST", headers, body: problem });
    process.exit(1);
  }
  const receiver = createServer((request, response) => {
    response.statusCode = request.url === "/v1/traces" ? 200 : 404;
    response.end("{}");
  });
  receiver.listen(4318, "localhost");
  await fetch(`${api}/event/next`, { headers }).then((next) => next.json());
  process.exit(0);
}

void main();
