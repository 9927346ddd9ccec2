import { ofType, type Resource } from "../../terraform/model";
import { compliant, type Judgement, named, type Rule, violation } from "../rule";

/** What X-Ray takes of each in an account and region (X-Ray endpoints and quotas). */
const QUOTA = 25;
/** So many leave room for those of other stacks, which no file tells of. */
const COMFORTABLE = 20;

const KINDS = [
  { type: "aws_xray_group", noun: "groups" },
  { type: "aws_xray_sampling_rule", noun: "sampling rules" },
] as const;

function judgeOne(noun: string, region: string | undefined, all: readonly Resource[]): Judgement {
  const subject = named(`${noun}${region === undefined ? "" : ` in ${region}`}`);
  if (all.length <= COMFORTABLE) return compliant(subject);
  return violation(subject, {
    found: `${all.length} ${noun}`,
    expected: `at most ${COMFORTABLE} of the ${QUOTA} that X-Ray takes in an account and region`,
    nextStep: "merge some by a wider filter, or have the quota raised and acknowledge this with that reason",
  });
}

/** Groups and sampling rules stay well below what X-Ray takes (SMP-7). */
export const xrayQuotaRoom: Rule = {
  id: "xray-quota-room",
  group: "tracing",
  severity: "warning",
  statement: `There are at most ${COMFORTABLE} X-Ray groups and ${COMFORTABLE} sampling rules in a region.`,
  why: `X-Ray takes ${QUOTA} of each from a whole account and region; the next apply, of whichever stack, fails half-way.`,
  judge({ terraform }) {
    return KINDS.flatMap(({ type, noun }) => {
      const all = ofType(terraform, type);
      const regions = [...new Set(all.map((one) => one.region))];
      return regions.map((region) =>
        judgeOne(
          noun,
          region,
          all.filter((one) => one.region === region),
        ),
      );
    });
  },
};
