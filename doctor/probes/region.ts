import type { Finding, Probe } from "./probe";

const FORM = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;
const WANTED = "one region for the SDK and for everything asked about";

function regionOfArn(arn: string): string {
  return arn.split(":")[3] ?? "";
}

/** DOC-3 credentials: a region is set, and it is the one the named things live in. */
export const region: Probe = {
  id: "region",
  label: "Region",
  why: "X-Ray keeps traces per region; looking in another one shows nothing and no error.",
  weight: "required",
  missing: () => undefined,
  look: async ({ identity, settings, variables }) => {
    const own = (await identity()).region;
    const evidence = "--region, AWS_REGION, the profile";
    const seen = { evidence, wanted: WANTED };
    if (own === undefined)
      return [{ ...seen, verdict: "fail", found: "no region", fix: "give --region, or set AWS_REGION" }];
    if (!FORM.test(own)) {
      const fix = "name a region such as eu-west-1, not an availability zone or a place";
      return [{ ...seen, verdict: "fail", found: own.slice(0, 40), fix }];
    }
    const elsewhere = [...settings.functions, ...settings.topics]
      .filter((name) => name.startsWith("arn:") && regionOfArn(name) !== own)
      .map((arn): Finding => {
        const found = `${own}, but ${arn} is in ${regionOfArn(arn)}`;
        return { ...seen, verdict: "fail", found, fix: `give --region ${regionOfArn(arn)}` };
      });
    if (elsewhere.length > 0) return elsewhere;
    const ignored = variables["AWS_DEFAULT_REGION"];
    if (ignored !== undefined && ignored !== "" && ignored !== own) {
      const found = `${own}, while AWS_DEFAULT_REGION says ${ignored.slice(0, 40)}`;
      const fix = "set AWS_REGION too: the CLI reads AWS_DEFAULT_REGION, the JavaScript SDK does not";
      return [{ ...seen, verdict: "warn", found, fix }];
    }
    return [{ ...seen, verdict: "pass", found: own }];
  },
};
