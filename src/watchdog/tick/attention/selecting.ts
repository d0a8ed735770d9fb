import { countSelected, HOUR_MS, matchSelector, type Policy } from "../../../policy/index.ts";
import { isYounger } from "../../model/ahead.ts";
import type { PolicyInForce } from "../../model/control.ts";
import { isOfProcess } from "../../model/errors.ts";
import type { Selecting } from "../../model/live.ts";
import { errorText } from "../../model/pass.ts";
import type { Context } from "../context.ts";
import type { Phases } from "../phases.ts";
import type { Reason } from "./amiss.ts";
import { hasLost } from "./renames.ts";

/** The account's Actors and tasks are listed so often, and where a policy was pushed since. */
const AGAIN_MS = 24 * HOUR_MS;

const namingIn = ({ rules }: Policy): readonly string[] =>
  rules.flatMap(({ id, for: of }) => (of?.actors || of?.tasks ? [id] : []));

/** What may not be listed is absent, and nothing is said of it. `undefined`: it could not be listed now. */
async function listed({ ports: { apify, log }, signal }: Context) {
  try {
    const [actors, tasks] = [await apify.listNamed("actor", signal), await apify.listNamed("task", signal)];
    return { ...(actors && { actors }), ...(tasks && { tasks }) };
  } catch (error) {
    if (isOfProcess(error)) throw error;
    log.warn("listing Actors and tasks failed; rules are counted against them tomorrow", {
      error: errorText(error),
    });
    return undefined;
  }
}

/** Which of the rules that name Actors or tasks select one of the account's, by its lists: once a day, and after a push. */
export async function selectingAfter(
  context: Context,
  phases: Phases,
  { policy, version }: PolicyInForce,
): Promise<Selecting | undefined> {
  const naming = namingIn(policy);
  const before = context.amiss.selecting;
  const now = context.ports.clock.now();
  if (naming.length === 0) return undefined;
  if (before?.policyVersion === version && isYounger(before.listedAt, AGAIN_MS, now)) return before;
  if (context.signal.aborted) return before;
  const account = (await phases.run("listing Actors and tasks", () => listed(context)))?.value;
  // What was known stays known.
  if (account === undefined) return { had: [], none: [], ...before, policyVersion: version, listedAt: now };
  const counts = countSelected(policy, account);
  const none = counts.flatMap(({ ruleId, isForNone }) => (isForNone ? [ruleId] : []));
  const takes = counts.flatMap(({ ruleId, takes: { actors = 0, tasks = 0 } }) =>
    actors + tasks > 0 ? [ruleId] : [],
  );
  const had = naming.filter((id) => takes.includes(id) || before?.had.includes(id));
  return { policyVersion: version, listedAt: now, had, none };
}

/** Rules that selected an Actor or a task, and select none any more, but for those of which a new name was the reason. */
export function ofSelecting(
  { amiss: { renamed, selecting }, observations }: Context,
  policy: Policy,
): readonly Reason[] {
  if (selecting === undefined) return [];
  return policy.rules.flatMap((rule): readonly Reason[] => {
    const { id, for: selector } = rule;
    if (!selecting.none.includes(id) || !selecting.had.includes(id) || hasLost(rule, renamed)) return [];
    if ([...observations.values()].some((each) => matchSelector(selector, each).kind === "match")) return [];
    const text = `rule ${id} selects none of the account's Actors and tasks any more: what it names was deleted, renamed or is written otherwise`;
    return [{ id: `blind:${id}/selects-nothing`, text, afterTicks: 1 }];
  });
}
