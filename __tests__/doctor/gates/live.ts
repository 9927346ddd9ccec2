import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { XRayService } from "../../../lab/runtime/xray-service";
import type { Ended } from "../../support/cli";
import { tracewrightBeside } from "../../support/cli-beside";
import { runCommand } from "../../support/run-command";

export const KEYS = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab", AWS_REGION: "eu-west-1" };

/** AWS as gates see it: a gateway with the lab's X-Ray, and before an emulator of the rest if there is one. */
export class GateLab {
  readonly xray = new XRayService();
  readonly gateway: AwsGateway;

  private constructor(gateway: AwsGateway) {
    this.gateway = gateway;
  }

  static async start(rest = "http://127.0.0.1:9"): Promise<GateLab> {
    const lab = new GateLab(await AwsGateway.start(rest));
    lab.reset();
    return lab;
  }

  /** Forgets everything. */
  reset(): void {
    this.xray.reset();
    this.gateway.reset();
    this.gateway.answerWith(this.xray.answers);
  }

  /** Runs `tracewright gate` against it. */
  gate(...args: readonly string[]): Promise<Ended> {
    Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: this.gateway.url });
    return runCommand("gate", ...args);
  }

  /** The same in a process of its own, as a user does. */
  gateBeside(...args: readonly string[]): Promise<Ended> {
    return tracewrightBeside(["gate", ...args], { ...KEYS, AWS_ENDPOINT_URL: this.gateway.url });
  }

  /** Every request fails so. */
  refuse(status: number, code: string): void {
    this.gateway.failWhen(() => ({ status, code, message: "no" }));
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }
}
