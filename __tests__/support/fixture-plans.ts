import { resolve } from "node:path";

/** Directory of the Terraform sources whose real plans are kept beside them. */
export const FIXTURE_PLANS = resolve(__dirname, "..", "fixtures", "plans");
