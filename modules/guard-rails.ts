import type { TerraformStack } from "cdktf";
import type { Emissions, Promises } from "../policies/rules/promises";
import { violations } from "../policies/rules/registry";
import { fromSynthesized } from "../policies/terraform/synthesized";

/** What the rules may hold a stack to beyond its own JSON. */
export interface Expectations {
  /** What the application promises; see `policies/promised.ts`. */
  readonly promises: Promises;
  /** What the bundles emit, by Lambda function name. */
  readonly emissions: Readonly<Record<string, Emissions>>;
}

/** Stacks that break guard-rails; nothing was written. Thrown instead of reported, for cdktf would advise to skip them. */
export class GuardRailError extends Error {
  override readonly name = "GuardRailError";
}

/** Each violation once, with the stacks that have it where there is more than one stack. */
function told(
  found: readonly (readonly [stack: string, violation: string])[],
  stacks: number,
): readonly string[] {
  const stacksOf = new Map<string, string[]>();
  for (const [stack, violation] of found) {
    stacksOf.set(violation, [...(stacksOf.get(violation) ?? []), stack]);
  }
  return [...stacksOf].map(([violation, where]) =>
    stacks === 1 ? violation : `[${where.join(", ")}] ${violation}`,
  );
}

/**
 * Guard-rails over the finished JSON of a set of stacks. Terraform CDK validates one stack, writes it, and only then
 * looks at the next; so every stack reports the violations of all, and a broken one anywhere writes nothing.
 */
export class GuardRails {
  private readonly guarded: { readonly stack: TerraformStack; readonly expectations?: Expectations }[] = [];
  private found: readonly string[] | undefined;

  /**
   * Puts a stack under the rules.
   *
   * Synthesis then throws a {@link GuardRailError} if this stack or another one under the rules breaks one.
   *
   * @param expectations the chain to check; without them the rules look at the stack alone
   */
  protect(stack: TerraformStack, expectations?: Expectations): void {
    this.guarded.push(expectations === undefined ? { stack } : { stack, expectations });
    stack.node.addValidation({ validate: () => this.judge() });
  }

  private judge(): string[] {
    this.found ??= told(
      this.guarded.flatMap(({ stack, expectations }) =>
        violations({ terraform: fromSynthesized(stack.toTerraform()), ...expectations }).map(
          (violation) => [stack.node.id, violation] as const,
        ),
      ),
      this.guarded.length,
    );
    if (this.found.length === 0) return [];
    const count = `${this.found.length} ${this.found.length === 1 ? "violation" : "violations"}`;
    throw new GuardRailError(`${this.found.join("\n\n")}\n\n${count} of guard-rails; nothing was written.`);
  }
}
