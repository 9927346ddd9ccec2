import { ServicequotasServiceQuota } from "@cdktf/provider-aws/lib/servicequotas-service-quota";
import { Construct } from "constructs";
import { requireInteger, requireText } from "./construct-error";

/** Props of {@link TraceQuota}. */
export interface TraceQuotaProps {
  /** Code of the quota on PutTraceSegments; two circulate, so read it in the console of Service Quotas. @default none */
  readonly quotaCode: string;
  /** Segments a second that X-Ray shall take, 1000 or more. @default none */
  readonly segmentsPerSecond: number;
}

/** Asks AWS to take more segments a second than its default (SMP-6). Applying it opens a request; AWS decides. */
export class TraceQuota extends Construct {
  constructor(scope: Construct, id: string, props: TraceQuotaProps) {
    super(scope, id);
    requireText(this, "quotaCode", props.quotaCode, /^L-[0-9A-F]{8}$/, "a quota code such as L-0123ABCD");
    requireInteger(this, "segmentsPerSecond", props.segmentsPerSecond, 1000, 100_000);
    new ServicequotasServiceQuota(this, "quota", {
      serviceCode: "xray",
      quotaCode: props.quotaCode,
      value: props.segmentsPerSecond,
    });
  }
}
