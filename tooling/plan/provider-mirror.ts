import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** What a filesystem mirror must hold for this project. */
const PROVIDER = join("registry.terraform.io", "hashicorp", "aws");
const REGISTRY = "https://registry.terraform.io/.well-known/terraform.json";
const REGISTRY_TIMEOUT_MS = 3000;

/** Directories under which people and packagers keep provider mirrors; those ending in `*` are looked into. */
function prefixes(): readonly string[] {
  const home = homedir();
  return [
    join(home, ".terraform.d", "plugins"),
    join(home, ".local", "share", "terraform", "plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    "/opt/*",
    "/usr/local/*",
    "/srv/*",
  ];
}

function expand(prefix: string): readonly string[] {
  if (!prefix.endsWith("*")) return [prefix];
  const parent = dirname(prefix);
  const children = existsSync(parent) ? readdirSync(parent).sort() : [];
  return [parent, ...children.map((child) => join(parent, child))];
}

/**
 * The first directory that mirrors the AWS provider.
 *
 * @param variables `TRACEWRIGHT_PROVIDER_MIRROR` names a directory to use instead of the usual ones
 */
export function findMirror(variables: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = variables["TRACEWRIGHT_PROVIDER_MIRROR"];
  const candidates = named === undefined ? prefixes().flatMap(expand) : [named];
  return candidates.find((directory) => existsSync(join(directory, PROVIDER)));
}

/** True when the public registry answers within three seconds. */
export async function registryAnswers(): Promise<boolean> {
  try {
    return (await fetch(REGISTRY, { signal: AbortSignal.timeout(REGISTRY_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}

/** Where Terraform gets the provider, as environment variables, and a word for the reader. */
export interface ProviderSource {
  readonly variables: Readonly<Record<string, string>>;
  readonly description: string;
}

/**
 * Chooses where Terraform gets the AWS provider: the user's own CLI configuration if it exists, the registry if it
 * answers, a mirror on this machine otherwise. A variable that names a missing file is overruled, because Terraform
 * would warn at every run.
 *
 * @param directory where a CLI configuration may be written
 * @throws Error naming what was tried when there is no source
 */
export async function providerSource(
  variables: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<ProviderSource> {
  const configured = variables["TF_CLI_CONFIG_FILE"];
  if (configured !== undefined && configured !== "" && existsSync(configured)) {
    return { variables: {}, description: `as ${configured} says` };
  }
  const withoutMissingFile = configured === undefined ? {} : { TF_CLI_CONFIG_FILE: "" };
  if (variables["TRACEWRIGHT_PROVIDER_MIRROR"] === undefined && (await registryAnswers())) {
    return { variables: withoutMissingFile, description: "the public registry" };
  }
  const mirror = findMirror(variables);
  if (mirror === undefined) {
    throw new Error(
      `The Terraform registry does not answer, and no mirror of ${PROVIDER} was found (looked in ` +
        `${variables["TRACEWRIGHT_PROVIDER_MIRROR"] ?? prefixes().join(", ")}). Next step: go online, or make one ` +
        "with `terraform providers mirror DIR` and set TRACEWRIGHT_PROVIDER_MIRROR=DIR.",
    );
  }
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "mirror.tfrc");
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  return { variables: { TF_CLI_CONFIG_FILE: file }, description: `the mirror in ${mirror}` };
}
