import type { Violation } from "../oracle/history.ts";
import type { Outcome } from "../simulate.ts";
import { type Kept, PARTS, type Part } from "./cut.ts";

/** Plays the world with no more in it than this. */
export type Play = (kept: Kept) => Promise<Outcome>;

export type Shrunk = { readonly kept: Kept; readonly outcome: Outcome; readonly played: number };

/** What is broken, without what is another one in each world: ids, times, figures, and whose process it was. */
export const kindOf = ({ promise, text }: Violation): string =>
  `${promise} ${text.replaceAll(/\b[A-Za-z0-9]{17,20}\b/g, "·").replaceAll(/\d[\d.:TZ-]*/g, "·")}`;

/** Cuts a world that breaks a promise to the least that still breaks it, by leaving out ever smaller pieces of each part. */
export async function shrink(
  play: Play,
  broken: Outcome,
  sizes: Readonly<Record<Part, number>>,
  { most = 400 } = {},
): Promise<Shrunk> {
  const [first] = broken.violations;
  if (first === undefined) throw new Error("there is nothing broken in this world");
  const wanted = kindOf(first);
  let played = 0;
  let best: Pick<Shrunk, "kept" | "outcome"> = {
    kept: Object.fromEntries(PARTS.map((part) => [part, Array.from({ length: sizes[part] }, (_, i) => i)])),
    outcome: broken,
  };
  const isStillBroken = async (kept: Kept): Promise<boolean> => {
    if (played >= most) return false;
    played += 1;
    const outcome = await play(kept);
    const [violation] = outcome.violations;
    if (violation === undefined || kindOf(violation) !== wanted) return false;
    best = { kept, outcome };
    return true;
  };
  /** Returns whether anything of the part could go. */
  const cut = async (part: Part): Promise<boolean> => {
    let hasGone = false;
    for (let size = best.kept[part]?.length ?? 0; size >= 1; size = Math.floor(size / 2)) {
      // From the end: what comes after the breach goes at once.
      for (let end = best.kept[part]?.length ?? 0; end > 0; end -= size) {
        const places = best.kept[part] ?? [];
        const less = [...places.slice(0, Math.max(0, end - size)), ...places.slice(end)];
        if (await isStillBroken({ ...best.kept, [part]: less })) hasGone = true;
      }
    }
    return hasGone;
  };
  for (let goesOn = true; goesOn && played < most; ) {
    goesOn = false;
    for (const part of PARTS) if (await cut(part)) goesOn = true;
  }
  return { ...best, played };
}
