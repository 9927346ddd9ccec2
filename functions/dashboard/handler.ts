import { loadConfig } from "../runtime/config";

const config = loadConfig("dashboard");

export async function handler(): Promise<{ statusCode: number; body: string }> {
  return { statusCode: 501, body: config.environment };
}
