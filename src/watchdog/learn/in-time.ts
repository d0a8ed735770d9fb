import { type Look, type Replayed, startOf } from "./looks.ts";

/** The looks at one run that are still to come. */
type Line = { readonly looks: readonly Look[]; readonly nth: number; next: number };

const headOf = ({ looks, next }: Line): number => looks[next]?.at ?? Number.POSITIVE_INFINITY;
const isBefore = (a: Line, b: Line): boolean =>
  headOf(a) === headOf(b) ? a.nth < b.nth : headOf(a) < headOf(b);

/** A heap: the line with the earliest look is on top. */
class Lines {
  readonly #heap: Line[] = [];

  get first(): Line | undefined {
    return this.#heap[0];
  }

  add(line: Line): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(line, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = line;
  }

  /** The first one has gone on by a look, or is over. */
  settle(): void {
    const heap = this.#heap;
    const [top] = heap;
    if (top === undefined) return;
    const line = top.next < top.looks.length ? top : heap.pop();
    if (line === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, line)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = line;
  }
}

const byTime = (a: Look, b: Look): number => a.at - b.at;

/**
 * The looks at all runs in the order of time; of one instant in the order of the runs. Runs come in the order in which they
 * began, so that only those that are under way need be held.
 */
export function* inTime(
  runs: readonly Replayed[],
  looksOf: (run: Replayed) => readonly Look[],
): Generator<Look> {
  const lines = new Lines();
  let nth = 0;
  for (;;) {
    const { first } = lines;
    const run = runs[nth];
    if (run !== undefined && (first === undefined || startOf(run) <= headOf(first))) {
      const looks = looksOf(run).toSorted(byTime);
      if (looks.length > 0) lines.add({ looks, nth, next: 0 });
      nth++;
      continue;
    }
    const look = first?.looks[first.next];
    if (first === undefined || look === undefined) return;
    first.next++;
    lines.settle();
    yield look;
  }
}
