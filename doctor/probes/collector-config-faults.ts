import { STREAM_ANNOTATIONS } from "../../contract/spans";
import { type CollectorBuild, PART_KINDS } from "./collector-builds";

type Map = Readonly<Record<string, unknown>>;

function mapOf(value: unknown): Map {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The type in `type/name`. */
function typeOf(part: string): string {
  return part.split("/")[0] ?? part;
}

function unknownParts(config: Map, build: CollectorBuild): readonly string[] {
  return PART_KINDS.flatMap((kind) =>
    Object.keys(mapOf(config[kind]))
      .filter((part) => !build[kind].includes(typeOf(part)))
      .map(
        (part) => `${kind}.${part} is not in this build${kind === "processors" ? ", which has none" : ""}`,
      ),
  );
}

function looseEnds(config: Map): readonly string[] {
  const service = mapOf(config["service"]);
  const pipelines = Object.entries(mapOf(service["pipelines"]));
  if (!pipelines.some(([name]) => typeOf(name) === "traces")) return ["service.pipelines has no traces"];
  const used = [...pipelines.map(([name, parts]) => [`pipelines.${name}`, mapOf(parts)] as const)];
  const extensions = listOf(service["extensions"])
    .filter((part) => !(part in mapOf(config["extensions"])))
    .map((part) => `service.extensions uses ${part}, which is not configured`);
  const missing = used.flatMap(([place, parts]) =>
    (["receivers", "processors", "exporters"] as const).flatMap((kind) =>
      listOf(parts[kind])
        .filter((part) => !(part in mapOf(config[kind])))
        .map((part) => `service.${place} uses ${kind}.${part}, which is not configured`),
    ),
  );
  const idle = used.flatMap(([place, parts]) =>
    (["receivers", "exporters"] as const).flatMap((kind) =>
      listOf(parts[kind]).length === 0 ? [`service.${place} has no ${kind}`] : [],
    ),
  );
  return [...extensions, ...missing, ...idle];
}

/** Why a build would not start with a configuration, or lead no trace to X-Ray. @param parsed YAML, read */
export function collectorConfigFaults(parsed: unknown, build: CollectorBuild): readonly string[] {
  const config = mapOf(parsed);
  if (Object.keys(config).length === 0) return ["no configuration"];
  const exporters = Object.keys(mapOf(config["exporters"])).map(typeOf);
  const road = exporters.some((type) => type === "awsxray" || type.startsWith("otlp"))
    ? []
    : ["no exporter leads to X-Ray"];
  return [...unknownParts(config, build), ...looseEnds(config), ...road];
}

/** What works and still costs: annotations that cannot be searched, or too many of them. */
export function collectorConfigWarnings(parsed: unknown): readonly string[] {
  return Object.entries(mapOf(mapOf(parsed)["exporters"]))
    .filter(([part]) => typeOf(part) === "awsxray")
    .flatMap(([part, settings]) => {
      const exporter = mapOf(settings);
      if (exporter["index_all_attributes"] === true)
        return [
          `exporters.${part}.index_all_attributes: X-Ray indexes 50 annotations of a trace, whichever come first`,
        ];
      const indexed = listOf(exporter["indexed_attributes"]);
      const left = Object.keys(STREAM_ANNOTATIONS).filter((key) => !indexed.includes(key));
      return left.length === 0 ? [] : [`exporters.${part}.indexed_attributes lacks ${left.join(", ")}`];
    });
}
