import { stringify } from "yaml";
import { STREAM_ANNOTATIONS } from "../../contract/spans";
import { OTLP_ADDRESS } from "./otlp-address";

/** The collector's configuration as data: OTLP over HTTP in, X-Ray out, one pipeline, nothing else. */
export function collectorConfigData() {
  return {
    receivers: { otlp: { protocols: { http: { endpoint: OTLP_ADDRESS } } } },
    exporters: { awsxray: { indexed_attributes: Object.keys(STREAM_ANNOTATIONS).sort() } },
    service: { pipelines: { traces: { receivers: ["otlp"], exporters: ["awsxray"] } } },
  };
}

/** The file at `/opt/collector-config/config.yaml`; the same contract gives the same bytes. */
export function collectorConfig(): string {
  return stringify(collectorConfigData());
}
