import { DASHBOARD_MUTATIONS } from "./dashboard";
import { INFRASTRUCTURE_MUTATIONS } from "./infrastructure";
import { PAGE_MUTATIONS } from "./page";
import { describeMutations } from "./put-back";
import { STREAMING_MUTATIONS } from "./streaming";

describeMutations(
  "A6 the original mistakes D1 D2 D3 D4 D13 D14 D16 D18 D19 D23 D27 D29 D30 D31 D32 D34 D35 D36 around the pipeline, put back, are noticed",
  [...DASHBOARD_MUTATIONS, ...INFRASTRUCTURE_MUTATIONS, ...STREAMING_MUTATIONS, ...PAGE_MUTATIONS],
);
