import { MAX_DEPTH, piecesOf, type Segment } from "./segment";

/** A document of a trace that cannot be read, or not be placed. */
export interface MalformedDocument {
  /** Its id as X-Ray gives it. */
  readonly segmentId: string;
  readonly problem: string;
}

/** The documents of a trace, one inside the other. */
export interface Grafted {
  /** By start. */
  readonly segments: readonly Segment[];
  /** Subsegments that hang deeper than can be drawn, each with all that hangs on it. */
  readonly tooDeep: readonly MalformedDocument[];
}

/** Subsegments that were sent on their own, and what each hangs on. */
class Sent {
  readonly #byParent = new Map<string, Segment[]>();
  readonly #taken = new Set<Segment>();

  constructor(segments: readonly Segment[]) {
    for (const one of segments) {
      if (!one.independent || one.parentId === undefined) continue;
      const siblings = this.#byParent.get(one.parentId);
      if (siblings === undefined) this.#byParent.set(one.parentId, [one]);
      else siblings.push(one);
    }
  }

  /** Those that hang on a piece, each given once. */
  take(id: string): readonly Segment[] {
    const found = (this.#byParent.get(id) ?? []).filter((one) => !this.#taken.has(one));
    for (const one of found) this.#taken.add(one);
    return found;
  }

  /** Takes all that hangs on one of them. @returns how many */
  takeBelow(top: Segment): number {
    const open = [...piecesOf(top)];
    let count = 0;
    for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
      for (const one of this.take(piece.id)) {
        count += 1;
        open.push(...piecesOf(one));
      }
    }
    return count;
  }

  isTaken(one: Segment): boolean {
    return this.#taken.has(one);
  }
}

/**
 * Puts subsegments that were sent on their own where they belong. What would come to stand deeper than a document may
 * be nested is left out and told, so that nobody who walks down a trace exhausts the stack.
 */
export function grafted(documents: readonly Segment[]): Grafted {
  const sent = new Sent(documents);
  const tooDeep: MalformedDocument[] = [];
  const whole = (segment: Segment, depth: number): Segment => {
    const found = sent.take(segment.id);
    if (depth < MAX_DEPTH || found.length === 0)
      return { ...segment, parts: [...segment.parts, ...found].map((part) => whole(part, depth + 1)) };
    for (const one of found) {
      const below = sent.takeBelow(one);
      const rest = below === 0 ? "" : `, with ${below} more below it`;
      tooDeep.push({ segmentId: one.id, problem: `it hangs deeper than ${MAX_DEPTH}${rest}` });
    }
    return { ...segment, parts: segment.parts.map((part) => whole(part, depth + 1)) };
  };
  const known = new Set(documents.flatMap((one) => [...piecesOf(one)].map(({ id }) => id)));
  const top = documents
    .filter(({ independent, parentId }) => !independent || !known.has(parentId ?? ""))
    .map((one) => whole(one, 0));
  // Parents that name each other in a ring are not reached from above.
  const ring = documents.filter(
    (one) => one.independent && known.has(one.parentId ?? "") && !sent.isTaken(one),
  );
  return { segments: [...top, ...ring].sort((a, b) => a.startS - b.startS), tooDeep };
}
