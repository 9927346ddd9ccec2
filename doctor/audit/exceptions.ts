import type * as Ts from "typescript";
import type { Text } from "./texts";

/** An exception to one of the programme's two rules: X-Ray alone traces, and tracing that fails stops its function. */
export interface Exception {
  readonly kind: "guarded-tracing" | "foreign-tracing" | "reads-traces";
  readonly place: string;
  /** Counted from 1. */
  readonly line: number;
  /** What was found, as a reader would say it. */
  readonly words: string;
}

/** Packages that trace into something other than X-Ray. */
const FOREIGN =
  /^(?:dd-trace|newrelic|elastic-apm-node|opentracing|jaeger-client|zipkin|@sentry\/|@honeycombio\/|@splunk\/|@datadog\/|@lightstep\/|@opentelemetry\/exporter-(?!trace-otlp-proto$))/;
const READS_TRACES = "@aws-sdk/client-xray";
/** The modules that start tracing when they are loaded. */
const STARTS_TRACING = /(?:^|\/)runtime\/(?:streaming-tracing\/)?tracing$/;

/** Calls that trace and do no work of their own. */
const TRACING_CALLS = new Set([
  ...["annotate", "markAnswer", "putAnnotation", "putMetadata", "addAnnotation", "addMetadata"],
  ...["setAttribute", "setAttributes", "recordException", "recordSpanError", "setStatus", "addError"],
  ...["startTracer", "startTracing", "captureAWSv3Client", "getSegment", "setSegment", "addNewSubsegment"],
  ...["startSpan", "annotateColdStart", "Tracer"],
]);

function lineOf(source: Ts.SourceFile, node: Ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** The module a `require` or an `import()` loads while the program runs. */
function loadedBy(ts: typeof Ts, node: Ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require";
  return loads && first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
}

/** The name of what a statement calls, if calling is all it does. */
function calleeOf(ts: typeof Ts, statement: Ts.Statement): string | undefined {
  let node: Ts.Expression | undefined;
  if (ts.isExpressionStatement(statement)) node = statement.expression;
  else if (ts.isReturnStatement(statement)) node = statement.expression;
  else if (ts.isVariableStatement(statement)) node = statement.declarationList.declarations[0]?.initializer;
  if (node !== undefined && ts.isAwaitExpression(node)) node = node.expression;
  if (node !== undefined && ts.isBinaryExpression(node)) node = node.right;
  if (node === undefined || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return undefined;
  const { expression } = node;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

/** True for a `try` that guards tracing alone and does not rethrow (TRC-7). */
function guardsTracing(ts: typeof Ts, node: Ts.TryStatement): boolean {
  const { statements } = node.tryBlock;
  const last = node.catchClause?.block.statements.at(-1);
  if (node.catchClause === undefined || (last !== undefined && ts.isThrowStatement(last))) return false;
  return (
    statements.length > 0 && statements.every((one) => TRACING_CALLS.has(calleeOf(ts, one) ?? "other work"))
  );
}

/**
 * Finds the exceptions in the sources of functions (AUD-2, TRC-7).
 *
 * @param texts TypeScript files; others are passed over
 */
export function exceptionsIn(texts: Iterable<Text>): readonly Exception[] {
  // Loaded here: every other command would pay for it at its start.
  const ts: typeof Ts = require("typescript");
  const found: Exception[] = [];
  for (const { place, content } of texts) {
    if (!place.endsWith(".ts")) continue;
    const source = ts.createSourceFile(place, content, ts.ScriptTarget.Latest, true);
    const add = (kind: Exception["kind"], node: Ts.Node, words: string): void => {
      found.push({ kind, place, line: lineOf(source, node), words });
    };
    const visit = (node: Ts.Node): void => {
      if (ts.isTryStatement(node) && guardsTracing(ts, node))
        add("guarded-tracing", node, "a try block that guards tracing alone");
      const loaded = loadedBy(ts, node);
      if (loaded !== undefined && STARTS_TRACING.test(loaded))
        add("guarded-tracing", node, `${loaded} loaded late, so that its failure can be caught`);
      const imported =
        ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)
          ? node.moduleSpecifier.text
          : loaded;
      if (imported !== undefined && FOREIGN.test(imported))
        add("foreign-tracing", node, `${imported}, which does not trace into X-Ray`);
      if (imported === READS_TRACES) add("reads-traces", node, `${imported}, which reads traces back`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}
