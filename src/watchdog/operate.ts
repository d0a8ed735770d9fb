import canonicalize from "canonicalize";
import { type Pause, parsePolicy } from "../policy/index.ts";
import { changeControl, stateOf } from "./append.ts";
import type { Control, ControlState } from "./control.ts";
import { CONTROL_CHAIN, type EntryDraft, type EntryKind, entryIdOf, sha256 } from "./entry.ts";
import type { Append, Ports } from "./ports.ts";

/** Who acts: an identity as AWS or the machine tells it. */
export type Operator = string;

type Change = {
  readonly kind: EntryKind;
  readonly by: Operator;
  readonly tickId?: string;
  readonly change: Record<string, unknown>;
};

/**
 * `actionId` makes each action an entry of its own: two operators who do the same at once have both done it, and so has
 * one tick that does the same to several subjects.
 */
const draftOf = (ports: Ports, actionId: string, { kind, ...rest }: Change): EntryDraft => ({
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
  ports: Ports,
  act: (control: Control) => { readonly next: ControlState; readonly entry: Change } | undefined,
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
      };
    },
    along,
  );
  return change !== undefined;
}

/** Puts a document in force behind the version that the caller saw. False when that is in force no more. */
async function pushBehind(
  ports: Ports,
  document: unknown,
  by: Operator,
  seen: number | undefined,
  patch: Partial<ControlState> = {},
): Promise<boolean> {
  parsePolicy(document);
  const version = (seen ?? 0) + 1;
  const change = { version, previousVersion: seen ?? null };
  return operate(
    ports,
    (control) =>
      control.policyVersion === seen
        ? {
            next: { ...stateOf(control), ...patch, policyVersion: version },
            entry: { kind: "policy.pushed", by, change },
          }
        : undefined,
    { policy: { version, document } },
  );
}

/**
 * Puts a policy document (JSON, already read from YAML) in force as the next version. Throws `PolicyError` on a
 * document that can't be used, before anything is written. Returns the version.
 */
export async function pushPolicy(ports: Ports, document: unknown, by: Operator): Promise<number> {
  for (;;) {
    const { policyVersion } = await ports.state.readControl();
    if (await pushBehind(ports, document, by, policyVersion)) return (policyVersion ?? 0) + 1;
  }
}

/**
 * Puts the policy of a deployment in force when it is new and nobody has pushed another by hand since the last
 * deployment's. Throws `PolicyError` on a document that can't be used; what is in force stays then.
 */
export async function adoptPolicy(ports: Ports, document: unknown): Promise<void> {
  const { policyVersion, deployedPolicy: last } = await ports.state.readControl();
  const hash = sha256(canonicalize(document) ?? "");
  const pushedByHand = policyVersion !== undefined && policyVersion !== last?.version;
  if (hash === last?.hash || pushedByHand) return;
  const deployedPolicy = { hash, version: (policyVersion ?? 0) + 1 };
  await pushBehind(ports, document, "deployment", policyVersion, { deployedPolicy });
}

/** From now on no call leaves, until resumed or `until`. Returns the pause that it replaces, if one stood. */
export async function pause(ports: Ports, wish: Omit<Pause, "since">): Promise<Pause | undefined> {
  const { by, reason, until } = wish;
  let replaced: Pause | undefined;
  await operate(ports, (control) => {
    replaced = control.pause;
    const change = {
      reason,
      ...(until && { until: until.toISOString() }),
      ...(replaced && { replaces: toldPause(replaced) }),
    };
    const next = { ...stateOf(control), pause: { ...wish, since: ports.clock.now() } };
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

/** Ends a pause. False when there was none. */
export const resume = (ports: Ports, by: Operator, reason: string): Promise<boolean> =>
  operate(ports, (control) => {
    if (control.pause === undefined) return undefined;
    const { pause: _ended, ...next } = stateOf(control);
    return { next, entry: { kind: "control.resumed", by, change: { reason } } };
  });
