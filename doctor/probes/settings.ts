/** What the doctor was asked to look at; a probe whose setting is absent is skipped. */
export interface Settings {
  readonly region?: string;
  /** ARNs of roles that write traces. */
  readonly roles: readonly string[];
  /** Names or ARNs of Lambda functions. */
  readonly functions: readonly string[];
  /** ARNs of topics. */
  readonly topics: readonly string[];
  /** Names that the service graph should show. */
  readonly services: readonly string[];
  /** As `AWS_XRAY_DAEMON_ADDRESS` says it. */
  readonly daemon?: string;
  readonly daemonLog?: string;
  /** Whether a segment may be written. */
  readonly sendTestSegment: boolean;
  /** Base URL of an OTLP receiver. */
  readonly collector?: string;
  readonly collectorConfig?: string;
  /** Lock file that says which collector is pinned. */
  readonly pins: string;
  /** Addresses from the outermost hop to the innermost. */
  readonly urls: readonly URL[];
  /** Source or bundle of a program's entry. */
  readonly entry?: string;
  /** A file with recorded traces, or the id of a trace in X-Ray. */
  readonly trace?: string;
  /** A request whose sampling is asked about. */
  readonly request?: { readonly method: string; readonly url: URL };
}
