import { XRAY_WRITE_ACTIONS } from "../../contract/access";
import { type PolicyDocument, policyDocument } from "./document";

export { XRAY_WRITE_ACTIONS };

/** The document that lets a role write traces. X-Ray's write actions know no resource but `*` (service reference). */
export function xrayWriteDocument(): PolicyDocument {
  return policyDocument([
    { Sid: "WriteTraces", Effect: "Allow", Action: [...XRAY_WRITE_ACTIONS], Resource: "*" },
  ]);
}
