import type { Select } from "./scenario";
import { type FunctionFacts, hasTraffic } from "./world/functions";
import type { SeriesFacts } from "./world/series-facts";
import type { World } from "./world/world";

const compiled = new Map<string, RegExp>();

/** True when a text has a wildcard. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** Whether a text fits a pattern in which `*` is any text and `?` any one character. */
export function fits(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", "[\\s\\S]*")
      .replaceAll("?", "[\\s\\S]");
    expression = new RegExp(`^${escaped}$`);
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

function ok(pattern: string | undefined, text: string): boolean {
  return pattern === undefined || fits(pattern, text);
}

/** True when a selector speaks of functions, and not only of metrics. */
function namesFunctions(select: Select): boolean {
  return select.function !== undefined || select.startedBy !== undefined || select.streams !== undefined;
}

function startedBy(select: Select, fn: FunctionFacts): boolean {
  if (select.startedBy === undefined) return true;
  return select.startedBy === "traffic" ? hasTraffic(fn) : select.startedBy === fn.startedBy;
}

/** The functions a selector names; none when it does not speak of functions. */
export function selectedFunctions(world: World, select: Select): readonly FunctionFacts[] {
  if (!namesFunctions(select)) return [];
  return world.functions.filter(
    (fn) =>
      ok(select.function, fn.name) && startedBy(select, fn) && (select.streams ?? fn.streams) === fn.streams,
  );
}

/** How a file that cannot tell the emitter of a metric is read: only what is sure, or also what is possible. */
export type Reading = "sure" | "possible";

/** True when a metric fits a selector. */
export function selects(
  world: World,
  select: Select,
  facts: SeriesFacts,
  reading: Reading = "possible",
): boolean {
  const { ref } = facts;
  if (!ok(select.namespace, ref.namespace) || !ok(select.metric, ref.name)) return false;
  if (select.source !== undefined && select.source !== facts.source) return false;
  if (select.role !== undefined && select.role !== facts.role) return false;
  for (const [key, pattern] of Object.entries(select.dimensions ?? {})) {
    const value = ref.dimensions[key];
    if (value === undefined || !fits(pattern, value)) return false;
  }
  if (!namesFunctions(select)) return true;
  const fns = selectedFunctions(world, select).map((fn) => fn.name);
  if (facts.emitters.length === 0) return false;
  if (facts.certain || reading === "sure") return facts.emitters.every((name) => fns.includes(name));
  return facts.emitters.some((name) => fns.includes(name));
}

/** True when a selector meets something: a watched metric, or a function whose own metrics AWS always publishes. */
export function meets(world: World, select: Select): boolean {
  const watched = [...world.series.values(), ...world.unread.values()];
  if (watched.some((facts) => selects(world, select, facts))) return true;
  const ownMetrics = select.namespace === "AWS/Lambda" || (!select.namespace && !select.metric);
  const plain = !select.source && !select.role && !select.dimensions;
  return ownMetrics && plain && selectedFunctions(world, select).length > 0;
}
