/** A custom metric a function writes, with exact dimensions. */
export interface KnownEmission {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the owner of a function knows about it and no plan can say. */
export interface KnownFunction {
  /** Whether an error in the handler reaches Lambda (`raised`) or is caught and answered (`caught`), so that `Errors` stays 0. */
  readonly handlerErrors: "raised" | "caught";
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
