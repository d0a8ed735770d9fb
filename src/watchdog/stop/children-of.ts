import { isLive, mayBeChildOf, type Run } from "../../policy/index.ts";
import type { Observed } from "../model/pass.ts";

/** So many are named. */
const MOST = 20;

/** Runs that go on although the one that may have started them was stopped: by their ids. */
export function childrenOf({ live }: Pick<Observed, "live">, parent: Run | undefined): readonly string[] {
  if (parent === undefined) return [];
  const found = [...live.values()].filter(({ run }) => isLive(run.status) && mayBeChildOf(parent, run));
  return found.slice(0, MOST).map(({ run }) => run.id);
}
