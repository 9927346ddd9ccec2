import { loadConfig } from "../runtime/config";

const config = loadConfig("notification");

export async function handler(): Promise<void> {
  throw new Error(`${config.service} has no body yet.`);
}
