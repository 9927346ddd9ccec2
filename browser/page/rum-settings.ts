/** How a page reports its own performance to CloudWatch RUM. */
export interface RumSettings {
  readonly monitorId: string;
  readonly identityPoolId: string;
  /** Share of page views that report, 0 to 1. */
  readonly sampleRate: number;
  readonly region: string;
}
