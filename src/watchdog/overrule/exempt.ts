import {
  canonical,
  type Exemption,
  type ExemptionSubject,
  exempts,
  judgeRun,
  nearest,
  type Rule,
  type Run,
} from "../../policy/index.ts";
import { queryRuns, type RunView } from "../explain/query.ts";
import { type ValidExemption, withoutCeiling } from "../model/exemption.ts";
import type { ActorOrTask, ReadPorts } from "../model/ports.ts";
import { policyInForce } from "../policies/policy-in-force.ts";

/** Whose exemption is meant, found out. */
export type Resolved =
  | {
      readonly kind: "resolved";
      readonly subject: ExemptionSubject;
      /** `username/name` of an Actor or task, where Apify told it. */
      readonly name?: string;
      /** The name that it was given by: an exemption by name covers another Actor or task of that name, too. */
      readonly byName?: string;
      /** As Apify shows it now. */
      readonly run?: Run;
      /** What the rule alone is exempt from, of a subject that names one. */
      readonly rule?: Rule;
      /** What could not be made sure of. */
      readonly note?: string;
    }
  | { readonly kind: "unknown"; readonly why: string };

type Asking = {
  readonly signal: AbortSignal;
  /** Can Apify be asked? */
  readonly canAsk: boolean;
};

const WORD = { actor: "Actor", task: "task" } as const;

const isName = (nameOrId: string): boolean => /[/~]/.test(nameOrId);

const unknown = (why: string): Resolved => ({ kind: "unknown", why });

/** Finds out whose exemption is to be granted: that there is such a run or rule, and the id behind a name. */
export async function resolveSubject(
  ports: ReadPorts,
  wish: ExemptionSubject,
  asking: Asking,
): Promise<Resolved> {
  const { kind, id, ruleId } = wish;
  if (kind === "rule") return resolveRule(ports, id);
  // The nearer question first: it takes no call to Apify.
  const under = ruleId === undefined ? undefined : await resolveRule(ports, ruleId);
  if (under?.kind === "unknown") return under;
  const found = await (kind === "run"
    ? resolveRun(ports, id, asking)
    : resolveNamed(ports, { kind, id }, asking));
  if (found.kind === "unknown" || ruleId === undefined) return found;
  return { ...found, subject: { ...found.subject, ruleId }, ...(under?.rule && { rule: under.rule }) };
}

/** The subject that is meant, whether or not there still is such a run, Actor or rule: only a name is asked for. */
export async function subjectMeant(
  ports: ReadPorts,
  wish: ExemptionSubject,
  asking: Asking,
): Promise<Resolved> {
  if (wish.kind === "run" || wish.kind === "rule" || !isName(wish.id))
    return { kind: "resolved", subject: wish };
  const { exemptions } = await ports.state.readControl();
  const { kind, id, ruleId } = wish;
  const isOfName = (each: Exemption): each is ValidExemption =>
    each.kind === "valid" &&
    each.subject.kind === kind &&
    each.subject.ruleId === ruleId &&
    each.name !== undefined &&
    canonical(each.name) === canonical(id);
  // Who is called so now may be another one than when it was granted.
  const granted = exemptions.find(isOfName);
  if (granted)
    return { kind: "resolved", subject: granted.subject, ...(granted.name && { name: granted.name }) };
  const found = await resolveNamed(ports, { kind, id }, asking);
  if (found.kind === "unknown" || ruleId === undefined) return found;
  return { ...found, subject: { ...found.subject, ruleId } };
}

async function resolveRun(
  { apify, state }: ReadPorts,
  id: string,
  { canAsk, signal }: Asking,
): Promise<Resolved> {
  const subject = { kind: "run", id } as const;
  if (canAsk) {
    const reading = await apify.readRun(id, signal);
    if (reading.kind === "missing") return unknown(`Apify has no run ${id}. Live runs: watchdog runs`);
    return { kind: "resolved", subject, run: reading.run };
  }
  const known = (await state.readLive()).runs.has(id) || (await state.readRun(id)) !== undefined;
  const note = `Apify can't be asked here whether there is a run ${id}, and no tick has seen it.`;
  return { kind: "resolved", subject, ...(!known && { note }) };
}

async function resolveRule(ports: ReadPorts, id: string): Promise<Resolved> {
  const inForce = await policyInForce(ports, await ports.state.readControl());
  if (inForce === undefined) return unknown(`No policy is in force, so there is no rule "${id}".`);
  const { rules } = inForce.policy;
  const rule = rules.find((each) => each.id === id);
  if (rule) return { kind: "resolved", subject: { kind: "rule", id }, rule };
  const ids = rules.map((each) => each.id);
  const guess = nearest(id, ids);
  const hint = guess ? `Did you mean ${guess}?` : `It has ${ids.join(", ")}.`;
  return unknown(`Policy version ${inForce.version} has no rule "${id}". ${hint}`);
}

type NamedSubject = { readonly kind: ActorOrTask; readonly id: string };

async function resolveNamed(
  ports: ReadPorts,
  wish: NamedSubject,
  { canAsk, signal }: Asking,
): Promise<Resolved> {
  const { kind, id } = wish;
  const what = WORD[kind];
  if (!canAsk && isName(id)) {
    return unknown(
      `Apify can't be asked here whose id "${id}" is: give the ${what}'s id, or set APIFY_TOKEN. Apify Console shows the id in the ${what}'s URL.`,
    );
  }
  if (!canAsk) return { kind: "resolved", subject: wish };
  const { apify } = ports;
  const answer = await (kind === "actor" ? apify.actor(id, signal) : apify.task(id, signal));
  if (answer.kind === "found") {
    const { id: found, name } = answer;
    const given = isName(id) ? { byName: name ?? canonical(id) } : {};
    return { kind: "resolved", subject: { kind, id: found }, ...(name !== undefined && { name }), ...given };
  }
  const isGone = answer.kind === "gone";
  if (isName(id)) {
    const live = [...(await ports.state.readLive()).runs.values()];
    const ids = live.flatMap(({ run }) => (kind === "actor" ? run.actorId : run.actorTaskId) ?? []);
    const names = [...(await ports.state.readNames(kind, [...new Set(ids)])).values()];
    const guess = nearest(
      id,
      names.flatMap(({ name }) => name ?? []),
    );
    const why = isGone ? `Apify knows no ${what} "${id}"` : `The token may not read the ${what} "${id}"`;
    return unknown(
      `${why}: give it as username/name, or its id, which Apify Console shows in the ${what}'s URL.${guess ? ` Did you mean ${guess}?` : ""}`,
    );
  }
  // Somebody else's Actor may be hidden from a scoped token while its runs are not.
  const live = [...(await ports.state.readLive()).runs.values()];
  const isSeen = live.some(({ run }) => (kind === "actor" ? run.actorId : run.actorTaskId) === id);
  if (isSeen) return { kind: "resolved", subject: wish };
  if (isGone)
    return unknown(`Apify knows no ${what} with the id "${id}". By its name: --${kind} username/name`);
  return {
    kind: "resolved",
    subject: wish,
    note: `The token may not read the ${what} ${id}, so it is unknown whether there is one.`,
  };
}

/** The live runs that an exemption keeps from being stopped now, as the last tick saw them. */
type Coverage = {
  readonly covered: readonly RunView[];
  /** Those of its subject whose cost has reached its ceiling. */
  readonly beyond: readonly RunView[];
};

/** What an exemption covers now. */
export async function coverageOf(ports: ReadPorts, exemption: ValidExemption): Promise<Coverage> {
  const { runs, policy } = await queryRuns(ports);
  const now = ports.clock.now();
  const { kind, id, ruleId } = exemption.subject;
  const under = kind === "rule" ? id : ruleId;
  const applies = ({ observation }: RunView, ruleId: string): boolean =>
    policy !== undefined &&
    judgeRun(policy, observation, now).some(({ rule, applies }) => rule.id === ruleId && applies === "yes");
  const holds = (each: ValidExemption, { observation }: RunView): boolean =>
    exempts(each, under ?? "any", observation, now);
  const meant = runs.filter(
    (view) => holds(withoutCeiling(exemption), view) && (under === undefined || applies(view, under)),
  );
  const covered = meant.filter((view) => holds(exemption, view));
  return { covered, beyond: meant.filter((view) => !covered.includes(view)) };
}
