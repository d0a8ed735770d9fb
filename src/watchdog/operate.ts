import { type Exemption, type ExemptionSubject, type Pause, toUsd } from "../policy/index.ts";
import { changeControl, stateOf } from "./append.ts";
import type { Control, ControlState } from "./control.ts";
import { CONTROL_CHAIN, type EntryDraft, type EntryKind, entryIdOf } from "./entry.ts";
import type { Append, Ports } from "./ports.ts";

/** Who acts: an identity as AWS or the machine tells it. */
export type Operator = string;

type Change = { readonly kind: EntryKind; readonly by: Operator; readonly change: Record<string, unknown> };

/** `actionId` makes each action an entry of its own: two operators who do the same at once have both done it. */
const draftOf = (ports: Ports, actionId: string, { kind, by, change }: Change): EntryDraft => ({
  entryId: entryIdOf(CONTROL_CHAIN, kind, actionId),
  kind,
  at: ports.clock.now().toISOString(),
  subject: { kind: "control" },
  by,
  change,
});

/** One operator's action: the control state moved on by a revision, and its entry, all or nothing. */
export async function operate(
  ports: Ports,
  act: (control: Control) => { readonly next: ControlState; readonly entry: Change } | undefined,
  along: Omit<Append, "sealed" | "control"> = {},
): Promise<boolean> {
  const actionId = ports.newTickId();
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
      };
    },
    along,
  );
  return change !== undefined;
}

/** From now on no call leaves, until resumed or `until`. */
export const pause = (ports: Ports, wish: Omit<Pause, "since">): Promise<boolean> =>
  operate(ports, (control) => {
    const { by, reason, until } = wish;
    const change = { reason, ...(until && { until: until.toISOString() }) };
    const next = { ...stateOf(control), pause: { ...wish, since: ports.clock.now() } };
    return { next, entry: { kind: "control.paused", by, change } };
  });

/** Ends a pause. False when there was none. */
export const resume = (ports: Ports, by: Operator, reason: string): Promise<boolean> =>
  operate(ports, (control) => {
    if (control.pause === undefined) return undefined;
    const { pause: _ended, ...next } = stateOf(control);
    return { next, entry: { kind: "control.resumed", by, change: { reason } } };
  });

/** Promises not to stop a subject until a time or a ceiling. It replaces an exemption of the same subject. */
export const grantExemption = (
  ports: Ports,
  wish: Omit<Exemption & { kind: "valid" }, "kind">,
  by: Operator,
) => {
  const { subject, until, owner, reason, ceilingMicroUsd } = wish;
  const ceilingUsd = ceilingMicroUsd === undefined ? undefined : toUsd(ceilingMicroUsd);
  const change = {
    subject,
    until: until.toISOString(),
    owner,
    reason,
    ...(ceilingUsd !== undefined && { ceilingUsd }),
  };
  return operate(
    ports,
    (control) => ({ next: stateOf(control), entry: { kind: "exemption.granted", by, change } }),
    { exemption: { put: { kind: "valid", ...wish } } },
  );
};

/** Ends an exemption before its time. */
export const endExemption = (ports: Ports, subject: ExemptionSubject, by: Operator, reason: string) =>
  operate(
    ports,
    (control) => ({
      next: stateOf(control),
      entry: { kind: "exemption.ended", by, change: { subject, reason } },
    }),
    { exemption: { remove: subject } },
  );
