import { isActive, isEnded, isStopping, type Run, type Source } from "../../../policy/index.ts";
import type { Stretch } from "../../model/ledger-store.ts";
import type { LiveRun } from "../../model/live.ts";
import { GAP_MS } from "./slack.ts";

/** So many stretches of a kind are kept; of more, those that are nearest to each other count as one. */
const MOST_STRETCHES = 3;

/** With one more. Where there are too many, the two with the least between them become one. */
export function joined(stretches: readonly Stretch[], next: Stretch): readonly Stretch[] {
  const all = [...stretches, next];
  if (all.length <= MOST_STRETCHES) return all;
  const between = all.slice(1).map(({ from }, i) => from.getTime() - (all[i]?.to.getTime() ?? 0));
  const least = between.indexOf(Math.min(...between));
  return all.flatMap((each, i) => {
    if (i === least + 1) return [];
    const next = all[i + 1];
    return i === least && next ? [{ from: each.from, to: next.to }] : [each];
  });
}

type Before = Pick<LiveRun, "trail" | "strange" | "untold"> & { readonly run: Pick<Run, "status"> };

/** Neither live nor ended, by what we know: no rule judges it. */
const isStrange = (status: string): boolean => !isActive(status) && !isStopping(status) && !isEnded(status);

export function strangeAfter(before: Before | undefined, status: string, at: Date): Pick<LiveRun, "strange"> {
  const { strange = [], run } = before ?? {};
  if (!isStrange(status)) return strange.length > 0 ? { strange } : {};
  const last = run && isStrange(run.status) ? strange.at(-1) : undefined;
  return {
    strange: last
      ? [...strange.slice(0, -1), { from: last.from, to: at }]
      : joined(strange, { from: at, to: at }),
  };
}

/**
 * A reading that leaves out a cost that was told before: no rule goes on by what it was, and a run that the list shows beyond its
 * limit is not stopped. Readings that follow each other as looks do are one stretch, whatever the list shows meanwhile.
 */
export function untoldAfter(
  before: Before | undefined,
  { run, observedAt: at, source }: { readonly run: Run; readonly observedAt: Date; readonly source: Source },
): Pick<LiveRun, "untold"> {
  const { untold = [], trail } = before ?? {};
  const isUntold =
    source === "detail" && trail && isActive(run.status) && run.usageTotalMicroUsd === undefined;
  if (!isUntold) return untold.length > 0 ? { untold } : {};
  const last = untold.at(-1);
  const goesOn = last !== undefined && at.getTime() - last.to.getTime() <= GAP_MS;
  return {
    untold: goesOn
      ? [...untold.slice(0, -1), { from: last.from, to: at }]
      : joined(untold, { from: at, to: at }),
  };
}
