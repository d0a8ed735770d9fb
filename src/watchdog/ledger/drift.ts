import { formatUsd, type MicroUsd, type Window } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import type { Drift, LedgerReads } from "../model/ports.ts";
import { readSnapshot, sumOf } from "./ledger.ts";

/** What a cycle's account cost outside of the runs that the ledger knows: storage, builds, and what it missed. */
export const outsideRuns = ({ apifyMicroUsd, ledgerMicroUsd }: Drift): MicroUsd =>
  apifyMicroUsd - ledgerMicroUsd;

/** What all runs spent in a window, recorded or not. */
export async function spentIn(
  state: LedgerReads,
  live: ReadonlyMap<string, LiveRun>,
  recordings: number,
  window: Window,
  now: Date,
): Promise<MicroUsd> {
  const snapshot = await readSnapshot(state, live, { recordings, windows: [window], now });
  return sumOf(snapshot, window);
}

/** So many runs are named. */
const MOST_NAMED = 3;
const MOST_KEPT = 10;

/** The ended runs whose final figure has moved since an instant, the most first. */
export const movedSince = (live: Iterable<LiveRun>, since: Date | undefined): NonNullable<Drift["moved"]> =>
  [...live]
    .flatMap(({ run, resting }) => {
      const { moved } = resting ?? {};
      const isNew = moved && (since === undefined || moved.at > since);
      return isNew ? [{ runId: run.id, microUsd: moved.microUsd }] : [];
    })
    .sort((a, b) => Math.abs(b.microUsd) - Math.abs(a.microUsd))
    .slice(0, MOST_KEPT);

const signed = (microUsd: MicroUsd): string => `${microUsd < 0 ? "-" : "+"}${formatUsd(Math.abs(microUsd))}`;

/** Which runs moved since the comparison before, for a problem to name them. */
function movedWords({ moved = [] }: Drift): string {
  if (moved.length === 0) return "";
  const named = moved.slice(0, MOST_NAMED).map(({ runId, microUsd }) => `${runId} (${signed(microUsd)})`);
  const more = moved.length > MOST_NAMED ? ", and more" : "";
  return `; final figures that moved meanwhile: ${named.join(", ")}${more}`;
}

/** Figures that lag, and prices that Apify rounds, are no finding. */
const SLACK_SHARE = 0.02;
const SLACK_MICRO_USD = 500_000;
/** More than this at once, and more than a share of all, is a jump. */
const JUMP_MICRO_USD = 1_000_000;
const JUMP_SHARE = 0.05;

const isAbove = ({ apifyMicroUsd, ledgerMicroUsd }: Drift): boolean =>
  ledgerMicroUsd > apifyMicroUsd * (1 + SLACK_SHARE) + SLACK_MICRO_USD;

/**
 * Why a person must look after the ledger, if so: it says more than Apify does, at two comparisons in a row; or what is
 * spent outside of its runs has grown by more than a dollar and five percent of all since the one before.
 */
export function driftProblems(drift: readonly Drift[]): readonly string[] {
  const [before, last] = drift.slice(-2);
  if (before === undefined || last === undefined) return [];
  const problems: string[] = [];
  if (isAbove(before) && isAbove(last)) {
    const figures = `${formatUsd(last.ledgerMicroUsd)} of runs, where Apify says ${formatUsd(last.apifyMicroUsd)} in all`;
    problems.push(
      `the ledger has ${figures} in this usage cycle: budgets may stop runs too early${movedWords(last)}`,
    );
  }
  const grown = outsideRuns(last) - outsideRuns(before);
  if (grown > JUMP_MICRO_USD && grown > last.apifyMicroUsd * JUMP_SHARE) {
    problems.push(
      `${formatUsd(grown)} were spent outside of the runs that the ledger knows between ${before.at.toISOString()} and ` +
        `${last.at.toISOString()}: look at Apify's usage by service, no budget sees it${movedWords(last)}`,
    );
  }
  return problems;
}
