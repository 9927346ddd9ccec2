/** Frameworks and whether the X-Ray SDK has middleware for them. */
const FRAMEWORKS: Readonly<Record<string, string>> = {
  express: "aws-xray-sdk-express",
  restify: "aws-xray-sdk-restify",
  fastify: "",
  koa: "",
  hono: "",
  polka: "",
  next: "",
  "@hapi/hapi": "",
  "@nestjs/core": "",
  "@backstage/backend-common": "",
  "@backstage/backend-defaults": "",
  "node:http": "",
  http: "",
};

/** What the text of a program's entry, or its bundle, tells of its tracing. */
export interface EntryScan {
  /** Server frameworks it imports. */
  readonly frameworks: readonly string[];
  /** Packages of the X-Ray SDK that would open segments for them; empty when there are none. */
  readonly middleware: readonly string[];
  /** Names of the calls that record what the program calls. */
  readonly outbound: readonly string[];
  /** Whether requests that come in get a segment. */
  readonly inbound: boolean;
  /** Lambda opens the segment before the code runs. */
  readonly isHandler: boolean;
}

const IMPORT = /(?:\bfrom\s*|\brequire\(\s*|\bimport\(\s*|\bimport\s+)["']([^"'\n]{1,200})["']/g;
const OUTBOUND =
  /\bcapture(?:HTTPs(?:Global)?|Promise|Fetch(?:Global)?|AWS(?:v3Client|Client)?|MySQL|Postgres)\b/g;
const INBOUND =
  /\bopenSegment\b|\bnew\s+(?:[\w$]+\.)?Segment\(|instrumentation-(?:http|express|fastify|koa|hapi)|auto-instrumentations-node|AWSXRayRestify\b/;
const HANDLER =
  /\bcaptureLambdaHandler\b|\bexports\.handler\b|\bexport\s+(?:const|async function|function)\s+handler\b/;

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Reads off a program's text how it is traced. Text is not run, so what it builds at run time stays unseen. */
export function scanEntry(text: string): EntryScan {
  const imports = new Set([...text.matchAll(IMPORT)].map(([, specifier = ""]) => packageOf(specifier)));
  const servesHttp = /\bcreateServer\s*\(/.test(text);
  const frameworks = Object.keys(FRAMEWORKS).filter(
    (name) => imports.has(name) && (servesHttp || !/^(?:node:)?http$/.test(name)),
  );
  return {
    frameworks,
    middleware: frameworks.map((name) => FRAMEWORKS[name] ?? "").filter((name) => name !== ""),
    outbound: [...new Set([...text.matchAll(OUTBOUND)].map(([name]) => name))],
    inbound: INBOUND.test(text),
    isHandler: HANDLER.test(text),
  };
}
