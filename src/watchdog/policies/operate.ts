import canonicalize from "canonicalize";
import type { Pause } from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import { type Control, type ControlState, stateOf } from "../model/control.ts";
import { CONTROL_CHAIN, type EntryDraft, type EntryKind, entryIdOf } from "../model/entry.ts";
import { checkGiven } from "../model/given.ts";
import type { Append, OperatorPorts } from "../model/ports.ts";
import { ENDLESS_PAUSE, withoutAcknowledged } from "./acknowledged.ts";

/** What an action writes; its exemption is told from the very state that it is written on. */
type Action = {
  readonly next: ControlState;
  readonly entry: Change;
  readonly exemption?: NonNullable<Append["exemption"]>;
};

/** Who acts: an identity as AWS or the machine tells it. */
export type Operator = string;

/** What an entry says of a decision besides, where there is one. */
type Decided = Pick<
  EntryDraft,
  "ruleId" | "step" | "mode" | "policyVersion" | "policyHash" | "guard" | "evidence"
>;

type Change = Decided & {
  readonly kind: EntryKind;
  readonly by: Operator;
  readonly tickId?: string;
  readonly change: Record<string, unknown>;
};

/**
 * `actionId` makes each action an entry of its own: two operators who do the same at once have both done it, and so has
 * one tick that does the same to several subjects.
 */
const draftOf = (ports: OperatorPorts, actionId: string, { kind, ...rest }: Change): EntryDraft => ({
  entryId: entryIdOf(CONTROL_CHAIN, kind, actionId, canonicalize(rest.change.subject)),
  kind,
  at: ports.clock.now().toISOString(),
  subject: { kind: "control" },
  ...rest,
});

/**
 * One action on the control plane: the control state moved on by a revision, and its entry, all or nothing. False when
 * `act`, asked of the very state that the write is conditional on, had nothing to do.
 */
export async function operate(
  ports: OperatorPorts,
  act: (control: Control) => Action | undefined,
  along: Omit<Append, "sealed" | "control"> = {},
): Promise<boolean> {
  const actionId = entryIdOf(ports.newTickId(), ports.clock.now().toISOString());
  const change = await changeControl(
    ports,
    (control) => {
      const acted = act(control);
      if (acted === undefined) return undefined;
      const revision = control.revision + 1;
      return {
        next: { ...acted.next, revision },
        draft: draftOf(ports, actionId, acted.entry),
        chain: CONTROL_CHAIN,
        ...(acted.exemption && { along: { exemption: acted.exemption } }),
      };
    },
    along,
  );
  return change !== undefined;
}

/**
 * From now on no call leaves, until resumed or `until`. Returns the pause that it replaces, if one stood. Throws
 * `ConfigError` on a reason that can't be kept.
 */
export async function pause(ports: OperatorPorts, wish: Omit<Pause, "since">): Promise<Pause | undefined> {
  const { by, reason, until } = wish;
  checkGiven({ by, reason });
  let replaced: Pause | undefined;
  await operate(ports, (control) => {
    replaced = control.pause;
    const change = {
      reason,
      ...(until && { until: until.toISOString() }),
      ...(replaced && { replaces: toldPause(replaced) }),
    };
    const state = withoutAcknowledged(stateOf(control), ENDLESS_PAUSE);
    const next = { ...state, pause: { ...wish, since: ports.clock.now() } };
    return { next, entry: { kind: "control.paused", by, change } };
  });
  return replaced;
}

/** A pause as an entry tells it that ends or replaces it. */
export const toldPause = ({ by, reason, since, until }: Pause) => ({
  by,
  reason,
  since: since.toISOString(),
  ...(until && { until: until.toISOString() }),
});

/**
 * Ends a pause, where there is one; one that is not meant, as a person was shown another, stays. Returns what became of
 * it. Throws as `pause` does.
 */
export async function resume(
  ports: OperatorPorts,
  by: Operator,
  reason: string,
  isMeant: (pause: Pause) => boolean = () => true,
): Promise<{ readonly kind: "resumed" | "none" } | { readonly kind: "another"; readonly pause: Pause }> {
  checkGiven({ by, reason });
  let another: Pause | undefined;
  const resumed = await operate(ports, (control) => {
    another = control.pause && !isMeant(control.pause) ? control.pause : undefined;
    if (control.pause === undefined || another) return undefined;
    const { pause: _ended, ...next } = stateOf(control);
    return { next, entry: { kind: "control.resumed", by, change: { reason } } };
  });
  if (another) return { kind: "another", pause: another };
  return { kind: resumed ? "resumed" : "none" };
}
