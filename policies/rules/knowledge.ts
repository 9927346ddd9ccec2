/** A custom metric a function writes, with exact dimensions. */
export interface KnownEmission {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the owner of a function knows about it and no plan can say. */
export interface KnownFunction {
  /**
   * Where an error in the handler goes: to Lambda (`raised`); to the caller as a 5xx that the gateway or URL in front
   * counts (`answered`); or nowhere (`caught`). Only the first moves `Errors`.
   */
  readonly handlerErrors: "raised" | "answered" | "caught";
  /** Whether anything invokes it; `never` when its trigger exists on paper only. */
  readonly invoked: "yes" | "never";
  /** Every custom metric it writes. */
  readonly emits: readonly KnownEmission[];
  /** One example of every kind of line it logs, as metric filters see it. */
  readonly logLines: readonly string[];
}

/** Facts about emitters, by Lambda function name, that let rules decide what a plan leaves open. */
export interface EmitterKnowledge {
  readonly functions: Readonly<Record<string, KnownFunction>>;
}
