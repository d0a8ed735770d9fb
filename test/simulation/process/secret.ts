import { FIRST_TOKEN, type Secret, STRANGERS_TOKEN } from "../world/refusals.ts";
import type { Witness } from "./witness.ts";

/** Has a tick been told whose its token is, and come to its end, since anything was last put back? */
function isUserKnown({ calls, ticks, restores }: Pick<Witness, "calls" | "ticks" | "restores">): boolean {
  const sinceMs = restores.at(-1)?.atMs ?? 0;
  return [...ticks.values()].some(({ by, how, startedAtMs = 0 }) => {
    const told = calls.find((call) => call.by === by && call.kind === "user" && call.status === 200);
    return how === "done" && startedAtMs >= sinceMs && told?.deliveredAtMs !== undefined;
  });
}

/**
 * The token that the watchdog's secret holds. Somebody else's is put in only once it is known whose the right one is: the
 * first user that a watchdog is told of is the one that it guards for good.
 */
export function heldSecret(secrets: readonly Secret[], worldMs: number, witness: Witness): string {
  const given = secrets.filter(({ fromMs }) => fromMs <= worldMs);
  const isRight = ({ token }: Secret): boolean => token !== STRANGERS_TOKEN || isUserKnown(witness);
  return given.findLast(isRight)?.token ?? FIRST_TOKEN;
}
