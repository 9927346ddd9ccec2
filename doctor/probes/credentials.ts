import { type Probe, undecidedBy } from "./probe";

/** DOC-3 credentials: STS knows who we are. */
export const credentials: Probe = {
  id: "credentials",
  label: "AWS credentials",
  why: "Without valid credentials nothing can be sent to X-Ray or read from it.",
  weight: "required",
  missing: () => undefined,
  look: async ({ identity }) => {
    const { answer } = await identity();
    const evidence = "sts:GetCallerIdentity";
    if (answer.kind === "answer")
      return [{ verdict: "pass", evidence, found: answer.value.arn, wanted: "an identity" }];
    const { kind, found, expected, nextStep } = answer.trouble;
    // Nobody was asked; the region has a probe of its own.
    if (kind === "no-region") return [undecidedBy(answer.trouble, evidence)];
    return [{ verdict: "fail", evidence, found, wanted: expected, fix: nextStep }];
  },
};
