import { appendOnce } from "../audit/append.ts";
import { entriesIn, whyDamaged } from "../audit/entry-in.ts";
import { findEntries } from "../audit/find-entries.ts";
import {
  type Judged,
  type JudgedChange,
  STOP_KINDS,
  type StopKind,
  type Verdict,
  verdictIn,
} from "../audit/verdicts.ts";
import { nearestRun } from "../explain/nearest-run.ts";
import { type Entry, type EntryDraft, entryIdOf } from "../model/entry.ts";
import { checkGiven } from "../model/given.ts";
import type { AuditPorts, Ports } from "../model/ports.ts";

/** What an operator says of a stop. */
export type JudgeWish = {
  /** A run, for its last stop; or an entry of the stop, six digits of its id or more. */
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly by: string;
};

export type JudgeResult =
  /** `isNew`: not where the very same stood already. `before`: the verdict whose place it takes. */
  | { readonly kind: "judged"; readonly judged: Judged; readonly isNew: boolean; readonly before?: Judged }
  | NotJudged;

type NotJudged = {
  readonly kind: "refused";
  readonly reason: "no-such-entry" | "no-stop" | "judged-meanwhile";
  readonly why: string;
};

const refuse = (reason: NotJudged["reason"], why: string): NotJudged => ({ kind: "refused", reason, why });

type StopEntry = Entry & { readonly kind: StopKind; readonly runId: string };

const isStop = (entry: Entry): entry is StopEntry =>
  STOP_KINDS.some((kind) => kind === entry.kind) && entry.runId !== undefined;

/** Of a run the last stop that was carried out, else the last that was only observed, else the last that was held. */
const lastStop = (story: readonly Entry[]): StopEntry | undefined =>
  STOP_KINDS.map((kind) => story.filter(isStop).findLast((each) => each.kind === kind)).find(
    (each) => each !== undefined,
  );

const LIST = "Stops are listed by: watchdog audit list";

/** The entry that the stop began with. */
async function findJudged(
  { audit, state, clock }: Pick<Ports, "audit" | "state" | "clock">,
  id: string,
): Promise<StopEntry | NotJudged> {
  const found = await findEntries(audit, id, clock.now());
  if (found.kind === "ambiguous")
    return refuse(
      "no-such-entry",
      `${found.entryIds.length} entries begin with ${id}: ${found.entryIds.join(", ")}. Give one of them.`,
    );
  const damaged = whyDamaged(found.entries);
  if (damaged) return refuse("no-such-entry", damaged);
  const entries = entriesIn(found.entries);
  const [named] = entries;
  if (named === undefined) {
    const guess = await nearestRun({ state }, id);
    return refuse(
      "no-such-entry",
      `There is no run or entry ${id} in the audit. ${guess ? `Did you mean ${guess}? ` : ""}${LIST}`,
    );
  }
  if (!named.entryId.startsWith(id)) {
    const last = lastStop(entries);
    return last ?? refuse("no-stop", `The audit has no stop of ${id}: there is nothing to judge. ${LIST}`);
  }
  if (isStop(named)) return named;
  const story = entriesIn(await audit.readChain(named.chain));
  const begun = story.find(({ entryId }) => entryId === named.intentId);
  if (begun && isStop(begun)) return begun;
  return refuse("no-stop", `Entry ${named.entryId} (${named.kind}) is of no stop of a run. ${LIST}`);
}

/** The entries that judge a stop, the last one last; those of a newer version, which can't be read, too. */
const judgingOf = (stop: Entry, story: readonly Entry[]): readonly Entry[] =>
  story.filter(({ kind, intentId }) => kind === "stop.judged" && intentId === stop.entryId);

/** Speaks of the stop's rule and evidence, as every entry about a stop does. */
function judgedDraft(
  stop: StopEntry,
  { verdict, reason, by }: JudgeWish,
  earlier: readonly Entry[],
  now: Date,
): EntryDraft {
  const { subject, runId, actorId, actorTaskId, ruleId, step, mode, policyVersion, policyHash, owner } = stop;
  const { also: _also, ...own } = stop.evidence ?? {};
  const last = earlier.at(-1);
  const change: JudgedChange = {
    verdict,
    stopKind: stop.kind,
    stoppedAt: stop.at,
    ...(last && { supersedes: last.entryId }),
  };
  return {
    // One verdict takes the place of each: of two who judge at once the second is told of the first.
    entryId: entryIdOf(stop.entryId, "stop.judged", earlier.length),
    kind: "stop.judged",
    at: now.toISOString(),
    subject,
    runId,
    ...(actorId !== undefined && { actorId }),
    ...(actorTaskId !== undefined && { actorTaskId }),
    ...(ruleId !== undefined && { ruleId }),
    ...(step && { step }),
    ...(mode !== undefined && { mode }),
    ...(policyVersion !== undefined && { policyVersion }),
    ...(policyHash !== undefined && { policyHash }),
    ...(owner !== undefined && { owner }),
    ...(stop.evidence && { evidence: own as typeof stop.evidence }),
    by,
    reason,
    intentId: stop.entryId,
    change,
  };
}

const says = (judged: Judged, { verdict, reason, by }: JudgeWish): boolean =>
  judged.verdict === verdict && judged.reason === reason && judged.by === by;

/**
 * Writes down whether a stop was right, in the chain of its run. Judged again it is another entry, which takes the place of
 * the one before; both stay. Throws `ConfigError` on a reason that can't be kept.
 */
export async function judgeStop(
  ports: AuditPorts & Pick<Ports, "state" | "clock">,
  wish: JudgeWish,
): Promise<JudgeResult> {
  checkGiven({ by: wish.by, reason: wish.reason });
  const stop = await findJudged(ports, wish.id);
  if (stop.kind === "refused") return stop;
  const stored = await ports.audit.readChain(stop.chain);
  const damaged = whyDamaged(stored);
  if (damaged) return refuse("no-such-entry", damaged);
  const earlier = judgingOf(stop, entriesIn(stored));
  const last = earlier.at(-1);
  const before = last && verdictIn(last);
  if (before && says(before, wish)) return { kind: "judged", judged: before, isNew: false };
  const draft = judgedDraft(stop, wish, earlier, ports.clock.now());
  const appended = await appendOnce(ports, stop.chain, draft);
  const judged = verdictIn(appended.kind === "already" ? appended.entry : draft);
  if (judged === undefined) throw new Error(`the verdict ${draft.entryId} can't be read`);
  if (says(judged, wish)) return { kind: "judged", judged, isNew: true, ...(before && { before }) };
  return refuse(
    "judged-meanwhile",
    `Somebody judged this stop meanwhile: ${judged.verdict}, by ${judged.by}: ${judged.reason}. If yours is to take its place, run this again.`,
  );
}
