import type { Segment } from "../xray/segment";
import { spanOf, type Trace } from "../xray/trace";

/** What is wrong or unusual about a piece, in words. */
export type Remark = "fault" | "error" | "throttle" | "in progress" | "no end" | "clock" | "parent missing";

/** One line of a waterfall. */
export interface Row {
  readonly depth: number;
  readonly piece: Segment;
  readonly remarks: readonly Remark[];
  /** Seconds since the trace began. */
  readonly afterS: number;
  /** Absent while it runs, or when its end never arrived. */
  readonly lastsS: number | undefined;
  /** Pieces of the same name and without remarks that this row stands for, itself included. */
  readonly count: number;
}

/** How a waterfall is drawn. */
export interface WaterfallOptions {
  /** Pieces of one name and without remarks shown below one parent before the rest becomes one row. */
  readonly foldBeyond: number;
}

/** Seconds a child may begin before its parent; clocks of AWS agree to a few milliseconds. */
const CLOCK_TOLERANCE_S = 0.01;

function remarksOf(piece: Segment, parent: Segment | undefined, lost: boolean): readonly Remark[] {
  const found: Remark[] = [];
  if (piece.fault) found.push("fault");
  if (piece.error) found.push("error");
  if (piece.throttle) found.push("throttle");
  if (piece.endS === undefined) found.push(piece.inProgress ? "in progress" : "no end");
  const early = parent !== undefined && piece.startS < parent.startS - CLOCK_TOLERANCE_S;
  const backwards = piece.endS !== undefined && piece.endS < piece.startS;
  if (early || backwards) found.push("clock");
  if (lost) found.push("parent missing");
  return found;
}

/** Draws a trace as rows, parents before their children, children by start. */
class Waterfall {
  readonly #byParent = new Map<string, Segment[]>();
  readonly #drawn = new Set<Segment>();
  readonly #known = new Set<string>();
  readonly #startS: number;

  constructor(
    readonly trace: Trace,
    readonly options: WaterfallOptions,
  ) {
    this.#startS = spanOf(trace)?.startS ?? 0;
    const meet = (piece: Segment): void => {
      this.#known.add(piece.id);
      piece.parts.forEach(meet);
    };
    trace.segments.forEach(meet);
    for (const segment of trace.segments) {
      const siblings = this.#byParent.get(segment.parentId ?? "") ?? [];
      this.#byParent.set(segment.parentId ?? "", [...siblings, segment]);
    }
  }

  rows(): readonly Row[] {
    const tops = this.trace.segments.filter(({ parentId }) => !this.#known.has(parentId ?? ""));
    // Segments that name each other as parents hang below nothing; each is drawn once all the same.
    return [...tops, ...this.trace.segments].flatMap((segment) => this.#below([segment], undefined, 0));
  }

  #below(pieces: readonly Segment[], parent: Segment | undefined, depth: number): readonly Row[] {
    const fresh = pieces.filter((piece) => !this.#drawn.has(piece)).sort((a, b) => a.startS - b.startS);
    for (const piece of fresh) this.#drawn.add(piece);
    const plainOf = new Map<string, number>();
    const folded = new Map<string, Row>();
    const rows: Row[] = [];
    for (const piece of fresh) {
      const lost = parent === undefined && piece.parentId !== undefined && piece.independent;
      const row: Row = {
        depth,
        piece,
        remarks: remarksOf(piece, parent, lost),
        afterS: piece.startS - this.#startS,
        lastsS: piece.endS === undefined ? undefined : Math.max(0, piece.endS - piece.startS),
        count: 1,
      };
      const own = [
        row,
        ...this.#below([...piece.parts, ...(this.#byParent.get(piece.id) ?? [])], piece, depth + 1),
      ];
      const seen = (plainOf.get(piece.name) ?? 0) + 1;
      const worthShowing = own.some(({ remarks }) => remarks.length > 0);
      if (!worthShowing) plainOf.set(piece.name, seen);
      if (worthShowing || seen <= this.options.foldBeyond) rows.push(...own);
      else folded.set(piece.name, together(folded.get(piece.name), row));
    }
    return [...rows, ...folded.values()];
  }
}

/** Adds a row to those of its name that are shown as one: from the first start, as long as all took together. */
function together(sum: Row | undefined, row: Row): Row {
  if (sum === undefined) return row;
  return { ...sum, count: sum.count + 1, lastsS: (sum.lastsS ?? 0) + (row.lastsS ?? 0) };
}

/** The rows of a trace's waterfall. */
export function waterfall(trace: Trace, options: WaterfallOptions): readonly Row[] {
  return new Waterfall(trace, options).rows();
}
