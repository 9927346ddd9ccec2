/**
 * Things that go stale, each with the day it was last checked. A test fails when an entry is older than a year,
 * and `doctor` reads the same table.
 */
export const AGEING = {
  /** Newest managed Node.js runtime that both supported lines of the AWS provider accept (ADR 0003). */
  lambdaRuntime: { value: "nodejs22.x", checked: "2026-11-21" },
  /** JavaScript level the managed runtime executes; esbuild compiles functions down to it. */
  esbuildTarget: { value: "node22", checked: "2026-11-21" },
  /** Instruction set of every function; arm64 costs less per ms than x86_64 (AWS Lambda pricing). */
  lambdaArchitecture: { value: "arm64", checked: "2026-11-21" },
  /** AWS provider versions the synthesized Terraform accepts (ADR 0002). */
  awsProvider: { value: ">= 5.100.0, < 7.0.0", checked: "2026-11-21" },
  /** Terraform versions the synthesized Terraform accepts. */
  terraform: { value: ">= 1.5.0", checked: "2026-11-21" },
} as const satisfies Record<string, { readonly value: string; readonly checked: string }>;
