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

/** What rules name is listed so often, and where a policy was pushed since. */
const AGAIN_MS = 24 * HOUR_MS;

const namingIn = ({ rules }: Policy): readonly string[] =>
  rules.flatMap(({ id, for: of }) => (of?.actors || of?.tasks || of?.schedules ? [id] : []));

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

/** Only where a rule names some. That they can't be listed is no matter of rules that name Actors and tasks. */
async function listedSchedules({ ports: { apify, log }, signal }: Context, { rules }: Policy) {
  if (!rules.some((rule) => rule.for?.schedules)) return undefined;
  try {
    return await apify.listNamed("schedule", signal);
  } catch (error) {
    if (isOfProcess(error)) throw error;
    log.warn("listing schedules failed; rules are counted against them tomorrow", {
      error: errorText(error),
    });
    return undefined;
  }
}

/**
 * Which of the rules that name Actors, tasks or schedules select one of the account's, by its lists: once a day, and after
 * a push.
 */
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
  const schedules = (await phases.run("listing schedules", () => listedSchedules(context, policy)))?.value;
  const counts = countSelected(policy, { ...account, ...(schedules && { schedules }) });
  const isUnread = (id: string): boolean =>
    schedules === undefined && policy.rules.some((rule) => rule.id === id && rule.for?.schedules);
  const none = counts.flatMap(({ ruleId, isForNone }) =>
    isForNone || (isUnread(ruleId) && before?.none.includes(ruleId)) ? [ruleId] : [],
  );
  const takes = counts.flatMap(({ ruleId, isForNone, takes }) => {
    const { actors = 0, tasks = 0, schedules = 0 } = takes;
    return !isForNone && !isUnread(ruleId) && actors + tasks + schedules > 0 ? [ruleId] : [];
  });
  const had = naming.filter((id) => takes.includes(id) || before?.had.includes(id));
  return { policyVersion: version, listedAt: now, had, none };
}

/** Rules that selected an Actor, a task or a schedule, and select none any more, but for those of which a new name was the reason. */
export function ofSelecting(
  { amiss: { renamed, selecting }, observations }: Context,
  policy: Policy,
): readonly Reason[] {
  if (selecting === undefined) return [];
  return policy.rules.flatMap((rule): readonly Reason[] => {
    const { id, for: selector } = rule;
    if (!selecting.none.includes(id) || !selecting.had.includes(id) || hasLost(rule, renamed)) return [];
    if ([...observations.values()].some((each) => matchSelector(selector, each).kind === "match")) return [];
    const what = selector?.schedules ? "Actors, tasks and schedules" : "Actors and tasks";
    const text = `rule ${id} selects none of the account's ${what} any more: what it names was deleted, renamed or is written otherwise`;
    return [{ id: `blind:${id}/selects-nothing`, text, afterTicks: 1 }];
  });
}
