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
   * @param expectations the chain to check; without them the rules look at the stack alone
   */
  protect(stack: TerraformStack, expectations?: Expectations): void {
    this.guarded.push(expectations === undefined ? { stack } : { stack, expectations });
    stack.node.addValidation({ validate: () => [...this.violations()] });
  }

  private violations(): readonly string[] {
    this.found ??= this.guarded.flatMap(({ stack, expectations }) =>
      violations({ terraform: fromSynthesized(stack.toTerraform()), ...expectations }),
    );
    return this.found;
  }
}
