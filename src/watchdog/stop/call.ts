import { isEnded } from "../../policy/index.ts";
import type { OpenIntent } from "../model/control.ts";
import type { AbortAnswer } from "../model/ports.ts";
import { isFresh, type Sighting } from "../observe/look.ts";
import type { Pursuing } from "./pursuing.ts";

/**
 * The one place from which abort is called. Refuses, by an error, what must never leave: a call on a reading older
 * than five seconds, on an ended run, on another life than the intent's, or a second call without grace. The intent
 * is durable when this is reached, and the caller holds the right to call.
 */
export async function callAbort(
  { ports, signal }: Pick<Pursuing, "ports" | "signal">,
  intent: OpenIntent,
  sighting: Sighting,
  gracefully: boolean,
): Promise<AbortAnswer> {
  const { run, life } = sighting.observation;
  const refuse = (why: string): never => {
    throw new Error(`no abort call for run ${run.id}: ${why}`);
  };
  if (!isFresh(sighting, ports.clock)) refuse("the reading is not of the last five seconds");
  if (isEnded(run.status)) refuse("the reading shows it ended");
  if (life.number > intent.life) refuse("it is in a later life than the intent's");
  if (gracefully && intent.requestedAt !== undefined) refuse("the API has taken a graceful call already");
  if (!gracefully && intent.forceAnswered) refuse("one without grace was answered already");
  return ports.apify.abortRun({ runId: run.id, actorId: run.actorId, gracefully }, signal);
}
