import type { Observation } from "../../policy/index.ts";
import { appendOnce } from "../audit/append.ts";
import { runChain } from "../model/entry.ts";
import { ApifyError, ConfigError } from "../model/errors.ts";
import { isSameGrant } from "../model/exemption.ts";
import { errorText, messageOf } from "../model/pass.ts";
import type { ApifyResurrect, OperatorPorts } from "../model/ports.ts";
import { lookAt } from "../observe/look.ts";
import type { Looking } from "../observe/looking.ts";
import { endExemption } from "./exemptions.ts";
import { type Stop, subjectOf } from "./find-stop.ts";
import type { Undone, UndoWish, Unfinished, Unmade } from "./undo-wish.ts";
import { type Alive, type Going, undoneDraft } from "./undone-draft.ts";

/** A call takes at most ten seconds; it starts only while so much of its claim is left. */
export const CALL_MS = 12_000;
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 2_000;

/** What an undo takes: the run is read, its exemption and its entry are written, and one call gives it another life. */
export type Undoing = Looking & { readonly ports: OperatorPorts & { readonly apify: ApifyResurrect } };

/** May the call have had its effect all the same? Not where the token was another user's: then it never left. */
const isLost = (error: unknown): boolean =>
  error instanceof ApifyError
    ? error.attempt > 0 && (error.status === 0 || error.status >= 500 || error.type === "malformed-answer")
    : !(error instanceof ConfigError);

/**
 * Sends the one call for another life, behind its durable exemption. Where it brings no good answer the run is looked at:
 * alive, the undo goes on. Else the exemption is ended again if Apify refused or the call never left. A call whose answer
 * is lost may be carried out after any look, so its exemption stays: the life that it gives must not be stopped.
 * `grantingMs`: the monotonic clock just before the exemption was written.
 */
export async function resurrect(
  undoing: Undoing,
  stop: Stop,
  wish: UndoWish,
  going: Going & { readonly grantingMs: number },
): Promise<Undone | Unmade | Unfinished | "again"> {
  const { ports, signal } = undoing;
  // By both clocks: one on the wall may be set meanwhile, and the other stands still while the machine sleeps.
  const sinceGrant = Math.max(
    ports.clock.now().getTime() - (going.exemption.grantedAt?.getTime() ?? 0),
    ports.clock.monotonicMs() - going.grantingMs,
  );
  // Granting took so long that another undo may soon take this for dead. What the next look refuses must not stay exempt.
  if (sinceGrant > CALL_MS) {
    await endGrant(undoing, stop, wish, going, "granting it took too long to call on");
    return "again";
  }
  const { timeoutSecs } = wish;
  const options = timeoutSecs === undefined ? {} : { timeoutSecs };
  const answer = await ports.apify
    .resurrectRun(stop.runId, options, signal)
    .catch((error: unknown) => ({ error }));
  if ("error" in answer) return afterFailure(undoing, stop, wish, going, answer.error);
  return finish(undoing, stop, wish, going, { answer: "taken", status: answer.status });
}

/** The run lives: an entry that can't be written now is written by the same undo said again. */
async function finish(
  undoing: Undoing,
  stop: Stop,
  wish: UndoWish,
  going: Going,
  alive: Alive,
): Promise<Undone | Unfinished> {
  try {
    return await conclude(undoing, stop, wish, going, alive);
  } catch (error) {
    const said = messageOf(error);
    const why = `Run ${stop.runId} lives again and is exempt, but the entry that says so could not be written (${said}). Say this undo again: it writes the entry, and calls nothing.`;
    return { kind: "unfinished", runId: stop.runId, intentId: stop.intent.entryId, why };
  }
}

/** The run lives again: says so in its chain, once, whoever gets there first. */
export async function conclude(
  undoing: Undoing,
  stop: Stop,
  wish: UndoWish,
  { observation, exemption, limitMicroUsd }: Going,
  alive: Alive,
): Promise<Undone> {
  const { runId, intent } = stop;
  const finalMicroUsd = observation.run.usageTotalMicroUsd;
  await appendOnce(
    undoing.ports,
    runChain(runId),
    undoneDraft(undoing, stop, wish, { observation, exemption }, alive),
  );
  return {
    kind: "undone",
    runId,
    intentId: intent.entryId,
    status: alive.status,
    exemption,
    ...(finalMicroUsd !== undefined && { finalMicroUsd }),
    ...(limitMicroUsd !== undefined && { limitMicroUsd }),
  };
}

/** Looks whether the run is in another life now, some times where that may take a moment to show. */
async function lookForLife(
  undoing: Undoing,
  { runId, life }: Stop,
  looks: number,
): Promise<Observation | undefined> {
  const { clock } = undoing.ports;
  for (let look = 0; look < looks; look++) {
    if (look > 0) await clock.sleep(BETWEEN_LOOKS_MS, undoing.signal);
    const fresh = await lookAt(undoing, runId).catch(() => undefined);
    if (fresh?.kind === "found" && fresh.observation.life.number > life) return fresh.observation;
  }
  return undefined;
}

/** Ends the exemption that this undo was granted, unless another stands by now. */
const endGrant = (
  { ports }: Undoing,
  stop: Stop,
  { by }: UndoWish,
  { exemption }: Going,
  why: string,
): Promise<unknown> =>
  endExemption(ports, subjectOf(stop), { by, reason: `undo of ${stop.named.entryId}: ${why}` }, (each) =>
    isSameGrant(each, exemption),
  );

async function afterFailure(
  undoing: Undoing,
  stop: Stop,
  wish: UndoWish,
  going: Going,
  error: unknown,
): Promise<Undone | Unmade | Unfinished> {
  const { runId, intent } = stop;
  const { exemption } = going;
  const lost = isLost(error);
  const found = await lookForLife(undoing, stop, lost ? LOOKS : 1);
  if (found) {
    const alive = { answer: "found", status: found.run.status } as const;
    return finish(undoing, stop, wish, { ...going, observation: found }, alive);
  }
  const about = { runId, intentId: intent.entryId };
  const said = messageOf(error);
  const until = `The exemption of run ${runId} stands until ${exemption.until.toISOString()}`;
  const endIt = `watchdog exempt end --run ${runId} --reason "…"`;
  if (lost) {
    const look =
      `Whether run ${runId} lives again is not known yet: Apify may still carry the call out. Look at the run in Apify ` +
      "Console, or say this undo again in a moment, which finishes it.";
    const stays = `${until} and ends by itself, so that nothing stops the run meanwhile. End it earlier: ${endIt}`;
    return { kind: "unfinished", ...about, why: `${said}\n${look}\n${stays}` };
  }
  const stands = `${until}. End it: ${endIt}`;
  const isAnswer = error instanceof ApifyError && error.status > 0;
  const answered = isAnswer ? `Apify answered ${error.status} ${error.type}` : "no answer came";
  try {
    await endGrant(undoing, stop, wish, going, `${answered}, and the run does not live again`);
  } catch (failure) {
    const why = `${said}\nRun ${runId} was not resurrected. ${stands}\n(Ending it failed: ${errorText(failure)})`;
    return { kind: "unfinished", ...about, why };
  }
  const why = `${said}\nRun ${runId} was not resurrected, and its exemption is ended again: nothing has changed.`;
  return { kind: "unmade", ...about, why };
}
