import { FunctionAdmin } from "../../../doctor/kill-switch/function-admin";
import type { SwitchReport } from "../../../doctor/kill-switch/report";
import { throwSwitch } from "../../../doctor/kill-switch/throw-switch";
import type { SwitchPosition } from "../../../doctor/kill-switch/tracing-switch";
import { Patience } from "../../../doctor/xray/patience";
import type { LambdaControl, LambdaOperation } from "../../../lab/runtime/lambda-control";

/** Variables of a function with the stream's switch and a secret. */
export const STREAM = { OTEL_SDK_DISABLED: "false", TABLE: "items", API_KEY: "s3cret" };

/** Gives the SDK credentials for the stand-in. */
export function useLabCredentials(): void {
  process.env["AWS_ACCESS_KEY_ID"] = "lab";
  process.env["AWS_SECRET_ACCESS_KEY"] = "lab";
}

/** Lets something happen before the n-th call of an operation. */
export function onceBefore(
  control: LambdaControl,
  operation: LambdaOperation,
  happen: () => void,
  nth = 1,
): void {
  let count = 0;
  control.before = (one) => {
    if (one === operation) {
      count += 1;
      if (count === nth) happen();
    }
    return undefined;
  };
}

/** Operations that changed something, in order. */
export function writesOf(control: LambdaControl): readonly LambdaOperation[] {
  return control.operations.filter((one) => /Update|Publish/.test(one));
}

/** What a test asks for. */
export interface Asked {
  readonly position?: SwitchPosition;
  readonly alias?: string;
  readonly dryRun?: boolean;
}

/** How it went, and what was said and waited meanwhile. */
export interface Thrown {
  readonly report: SwitchReport;
  readonly said: readonly string[];
  readonly waits: number;
}

/** Throws the switch through the real SDK, without waiting. */
export async function thrown(control: LambdaControl, asked: Asked = {}): Promise<Thrown> {
  process.env["AWS_ENDPOINT_URL"] = control.url;
  const admin = new FunctionAdmin("checkout", "eu-west-1", new Patience(() => 1));
  const said: string[] = [];
  let waits = 0;
  try {
    const report = await throwSwitch(
      admin,
      {
        functionName: "checkout",
        position: "on",
        alias: undefined,
        region: undefined,
        dryRun: false,
        ...asked,
      },
      {
        sleep: async () => {
          waits += 1;
        },
        progress: (text) => void said.push(text),
      },
    );
    return { report, said, waits };
  } finally {
    admin.close();
  }
}
