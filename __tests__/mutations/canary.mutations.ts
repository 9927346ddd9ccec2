import { CANARY_MUTATIONS } from "./canary";
import { describeMutations } from "./put-back";

describeMutations(
  "A6 the original mistake D16, a canary that sends nothing or tells nobody, put back, is noticed",
  CANARY_MUTATIONS,
);
