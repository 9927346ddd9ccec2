import { ADDRESS } from "./alerts";
import type { PipelineLab } from "./pipeline-lab";

/** The key the lab's provider is called with. */
export const KEY = "key-of-sendgrid";

/** A part of every mail about sentiment of Apple. */
export const BODY = "The sentiment of AAPL is";

/**
 * Delivers an event to notification as Lambda does, after which nothing private may have been left anywhere but in the
 * mail (SG-1).
 */
export async function deliver(lab: PipelineLab, event: unknown, remainingMs = 30_000) {
  const { attempts, deadLetter } = await lab.runAsync("notification", event, { remainingMs });
  const documents = await lab.daemon.settled();
  const deadLetters = await lab.deadLetters();
  const errors = attempts.map(({ error }) => error);
  const lines = attempts.flatMap((attempt) => attempt.lines);
  const everything = JSON.stringify([documents, deadLetters, deadLetter, errors, lines]);
  for (const secret of [ADDRESS, KEY, BODY]) expect(everything).not.toContain(secret);
  return { attempts, documents, deadLetters, lines, result: attempts.at(-1)?.result, error: errors.at(-1) };
}
