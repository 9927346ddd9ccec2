/** A request to a service that tells its operations by method and path instead of by a header or a form. */
export interface RestRequest {
  /** Signing name of the service. */
  readonly service: string;
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
}

/** The operation a request asks for, and what its path says. */
export interface RestOperation {
  /** For example `BatchGetTraces`; method and path when it is none of those known here. */
  readonly operation: string;
  /** Members of the input that travel in the path, by name. */
  readonly input: Readonly<Record<string, string>>;
}

type Route = readonly [method: string, path: RegExp, operation: string];

/** X-Ray's paths are the operations' names, save these. */
const XRAY: Readonly<Record<string, string>> = {
  "/TraceSegments": "PutTraceSegments",
  "/TelemetryRecords": "PutTelemetryRecords",
  "/TraceSummaries": "GetTraceSummaries",
  "/Traces": "BatchGetTraces",
  "/ServiceGraph": "GetServiceGraph",
  "/TraceGraph": "GetTraceGraph",
  "/SamplingTargets": "GetSamplingTargets",
  "/SamplingStatisticSummaries": "GetSamplingStatisticSummaries",
  "/Groups": "GetGroups",
};

const FUNCTIONS = "^/2015-03-31/functions";
const NAMED = `${FUNCTIONS}/(?<FunctionName>[^/]+)`;
const ALIAS = `${NAMED}/aliases/(?<Name>[^/]+)$`;
const CONCURRENCY = "^/20(?:17-10-31|19-09-30)/functions/(?<FunctionName>[^/]+)/concurrency$";
const TAGS = "^/2017-03-31/tags/(?<Resource>[^/]+)$";

const LAMBDA: readonly Route[] = [
  ["GET", new RegExp(`${FUNCTIONS}/?$`), "ListFunctions"],
  ["GET", new RegExp(`${NAMED}$`), "GetFunction"],
  ["GET", new RegExp(`${NAMED}/configuration$`), "GetFunctionConfiguration"],
  ["PUT", new RegExp(`${NAMED}/configuration$`), "UpdateFunctionConfiguration"],
  ["PUT", new RegExp(`${NAMED}/code$`), "UpdateFunctionCode"],
  ["GET", new RegExp(`${NAMED}/policy$`), "GetPolicy"],
  ["GET", new RegExp(`${NAMED}/versions$`), "ListVersionsByFunction"],
  ["POST", new RegExp(`${NAMED}/versions$`), "PublishVersion"],
  ["GET", new RegExp(`${NAMED}/aliases$`), "ListAliases"],
  ["POST", new RegExp(`${NAMED}/aliases$`), "CreateAlias"],
  ["GET", new RegExp(ALIAS), "GetAlias"],
  ["PUT", new RegExp(ALIAS), "UpdateAlias"],
  ["POST", new RegExp(`${NAMED}/invocations$`), "Invoke"],
  ["PUT", new RegExp(CONCURRENCY), "PutFunctionConcurrency"],
  ["GET", new RegExp(CONCURRENCY), "GetFunctionConcurrency"],
  ["GET", new RegExp(TAGS), "ListTags"],
  ["POST", new RegExp(TAGS), "TagResource"],
];

/** Path-style addresses, which the SDK uses for an endpoint that is an IP address. */
const S3: readonly Route[] = [
  ["HEAD", /^\/(?<Bucket>[^/]+)\/?$/, "HeadBucket"],
  ["PUT", /^\/(?<Bucket>[^/]+)\/?$/, "CreateBucket"],
  ["HEAD", /^\/(?<Bucket>[^/]+)\/(?<Key>.+)$/, "HeadObject"],
  ["PUT", /^\/(?<Bucket>[^/]+)\/(?<Key>.+)$/, "PutObject"],
  ["GET", /^\/(?<Bucket>[^/]+)\/(?<Key>.+)$/, "GetObject"],
];

/** What S3 is asked about a bucket or an object as a whole, by the query's first key. */
const S3_QUERIES: Readonly<Record<string, string>> = {
  "GET location": "GetBucketLocation",
  "GET lifecycle": "GetBucketLifecycleConfiguration",
  "PUT lifecycle": "PutBucketLifecycleConfiguration",
  "GET list-type": "ListObjectsV2",
  "GET versioning": "GetBucketVersioning",
  "GET encryption": "GetBucketEncryption",
  "GET object-lock": "GetObjectLockConfiguration",
  "GET publicAccessBlock": "GetPublicAccessBlock",
};

function routed(routes: readonly Route[], method: string, path: string): RestOperation | undefined {
  for (const [wanted, pattern, operation] of routes) {
    const found = wanted === method ? pattern.exec(path) : null;
    if (found === null) continue;
    const groups = Object.entries(found.groups ?? {});
    return { operation, input: Object.fromEntries(groups.map(([k, v]) => [k, decodeURIComponent(v)])) };
  }
  return undefined;
}

/** Names the operation a REST request asks for, so that fault plans can aim at it. */
export function restOperation({ service, method, target }: RestRequest): RestOperation {
  const { pathname, searchParams } = new URL(target, "http://aws");
  const unknown = { operation: `${method} ${pathname}`, input: {} };
  if (service === "xray") return { operation: XRAY[pathname] ?? pathname.slice(1), input: {} };
  if (service === "lambda") return routed(LAMBDA, method, pathname) ?? unknown;
  if (service !== "s3") return unknown;
  const [first = ""] = [...searchParams.keys()];
  const asked = searchParams.get("x-id") ?? S3_QUERIES[`${method} ${first}`];
  const route = routed(S3, method, pathname) ?? unknown;
  return asked === undefined ? route : { operation: asked, input: route.input };
}
