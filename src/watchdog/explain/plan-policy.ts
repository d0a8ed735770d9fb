import { type Policy, parsePolicy } from "../../policy/index.ts";
import { storedLedger } from "../ledger/stored-ledger.ts";
import type { Control } from "../model/control.ts";
import type { Live } from "../model/live.ts";
import { errorText } from "../model/pass.ts";
import type { ReadPorts, StateReads } from "../model/ports.ts";
import { type Observing, observe } from "../observe/observe.ts";
import { observationOf } from "../observe/remember.ts";
import type { PolicyChange } from "../policies/policy-diff.ts";
import { lookForPolicy, type PolicySources, type ReadPolicy } from "../policies/policy-in-force.ts";
import { diffByMeaning, isSameMeaning } from "../policies/policy-meaning.ts";
import { lastSeenRuns } from "./last-seen.ts";
import { effectOf, type PolicyEffect, type Sight } from "./policy-effect.ts";
import { type Survey, surveyPolicy } from "./survey.ts";

/** What putting a document in force would change. */
export type PolicyPlan = {
  /** The version that the control state points to, behind which a push must go. `undefined`: none was pushed. */
  readonly seen: number | undefined;
  /** What it would replace: the one really used, if any is. */
  readonly inForce?: ReadPolicy;
  /** Why none can be used, where one was pushed. */
  readonly problem?: string;
  /** The version that was pushed last is in force, and it means what this document does. */
  readonly isInForce: boolean;
  readonly changes: readonly PolicyChange[];
};

/** Compares a document with what is in force. Writes nothing. */
export async function planPolicy(ports: PolicySources, document: unknown): Promise<PolicyPlan> {
  const control = await ports.state.readControl();
  const found = await lookForPolicy(ports, control);
  const { inForce } = found;
  const isInForce = inForce !== undefined && !inForce.fellBack && isSameMeaning(inForce.document, document);
  const changes = diffByMeaning(inForce?.document, document);
  return { seen: control.policyVersion, ...found, isInForce, changes };
}

/** What a policy would do about the live runs now; or why that can't be told. */
export type Preview =
  /** `note`: why the runs are not read freshly, where that was tried. */
  | {
      readonly kind: "made";
      readonly effect: PolicyEffect;
      /** What its rules select of the account, where that could be asked. */
      readonly survey?: Survey;
      readonly note?: string;
    }
  | { readonly kind: "impossible"; readonly why: string };

/** A pass on a copy of the tables, with an Apify that can only be read: whatever is written there is lost. */
type Fresh = {
  readonly pass: Observing & { readonly ports: { readonly state: StateReads } };
  /** The live index that it goes by. */
  readonly base: Live;
};

/** One policy that asks for all that these ask for. */
const together = ([first, ...rest]: readonly Policy[]): Policy | undefined =>
  first && { ...first, rules: [first, ...rest].flatMap(({ rules }) => rules) };

/** Reads the live runs as a tick would, with whatever either policy asks for. */
async function sightFromApify(
  control: Control,
  policies: readonly Policy[],
  { pass, base }: Fresh,
): Promise<Sight> {
  const { live, liveRunIds, observations, ports, skipped } = pass;
  await observe(pass, together(policies), base.cursor);
  const asOf = ports.clock.now();
  const ledger = await storedLedger(ports.state, together(policies), { ...base, runs: live }, asOf);
  return {
    source: "apify",
    asOf,
    observations: [...observations.values()],
    liveRunIds,
    said: new Map([...live].map(([id, { said }]) => [id, said])),
    control,
    ...(ledger && { ledger }),
    skipped: Object.fromEntries(skipped),
  };
}

async function sightFromTables(ports: ReadPorts, policies: readonly Policy[]): Promise<Sight | undefined> {
  const { control, index, heartbeat, live, known: learn } = await lastSeenRuns(ports);
  if (heartbeat === undefined) return undefined;
  const known = await learn(together(policies));
  const asOf = heartbeat.finishedAt;
  const ledger = await storedLedger(ports.state, together(policies), index, asOf);
  return {
    source: "last-tick",
    asOf,
    observations: live.map((each) => observationOf(each, known(each.run))),
    liveRunIds: new Set(live.map(({ run }) => run.id)),
    said: new Map(live.map(({ run, said }) => [run.id, said])),
    control,
    ...(ledger && { ledger }),
    skipped: {},
  };
}

/**
 * Judges the live runs by a document in place of the policy in force: read freshly where Apify can be asked, else as the
 * last tick saw them. Writes nothing, and never throws because it can't be made.
 */
export async function previewPolicy(
  ports: ReadPorts,
  document: unknown,
  { inForce }: Pick<PolicyPlan, "inForce">,
  openFresh?: () => Promise<Fresh>,
): Promise<Preview> {
  const [before, after] = [inForce?.policy, parsePolicy(document)];
  const policies = before ? [after, before] : [after];
  let note: string | undefined;
  try {
    if (openFresh) {
      const control = await ports.state.readControl();
      const fresh = await openFresh();
      const sight = await sightFromApify(control, policies, fresh);
      const survey = await surveyPolicy(fresh.pass, after);
      return { kind: "made", effect: effectOf(sight, before, after), survey };
    }
  } catch (error) {
    note = `Apify could not be asked: ${errorText(error)}`;
  }
  try {
    const sight = await sightFromTables(ports, policies);
    if (sight) return { kind: "made", effect: effectOf(sight, before, after), ...(note && { note }) };
    return {
      kind: "impossible",
      why: `no tick has looked yet, and ${note ?? "Apify can't be asked from here"}`,
    };
  } catch (error) {
    return { kind: "impossible", why: errorText(error) };
  }
}
