import { FUNCTION_MUTATIONS } from "./functions";
import { describeMutations } from "./put-back";

describeMutations(
  "A6 the original mistakes D5 D6 D8 D9 D10 D11 D12 D13 D14 D15 D17 D37 in the pipeline, put back, are noticed",
  FUNCTION_MUTATIONS,
);
