/** A package or pinned part whose upgrade has a runbook (DEP-6). */
const UPGRADED = /^(?:@opentelemetry\/|@aws-lambda-powertools\/|aws-xray-sdk)/;

/** Files that are the application: an upgrade may not travel with them. */
const APPLICATION = /^(?:browser|contract|functions|modules|policies)\//;

/** Pins of the image and of sidecars. */
const PINS = "containers/sse/pins.lock.json";

/** A manifest's exact versions by package. */
export type Versions = Readonly<Record<string, string>>;

/** What a change touches. */
export interface Change {
  /** Paths that differ. */
  readonly files: readonly string[];
  readonly before: Versions;
  readonly after: Versions;
}

/** Tracing parts a change upgrades, by name. */
export function upgradesIn({ files, before, after }: Change): readonly string[] {
  const packages = Object.keys(after).filter(
    (name) => UPGRADED.test(name) && before[name] !== undefined && before[name] !== after[name],
  );
  return [...packages.sort(), ...(files.includes(PINS) ? [PINS] : [])];
}

/**
 * Application files that travel with an upgrade of tracing. They may not: when spans go missing afterwards, one of the
 * two must be free of suspicion (DEP-6).
 */
export function mixedIn(change: Change): readonly string[] {
  if (upgradesIn(change).length === 0) return [];
  return change.files.filter((file) => APPLICATION.test(file)).sort();
}
