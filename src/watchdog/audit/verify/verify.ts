import type { Control } from "../../model/control.ts";
import { CONTROL_CHAIN, type Entry, type Head, runChain } from "../../model/entry.ts";
import type { AuditStore, CheckpointLog, ControlReads, StoredEntry } from "../../model/ports.ts";
import { type Pushed, pushesIn } from "../pushes.ts";
import { type Finding, parse, verifyChain } from "./verify-chain.ts";
import { compareCheckpoints, readWitnesses, type Witnesses } from "./verify-checkpoints.ts";
import { compareControl } from "./verify-control.ts";
import { compareIntents, type UnclosedIntent, unclosedIn } from "./verify-intents.ts";
import { verifyPolicies } from "./verify-policies.ts";

export type Verification = {
  readonly chains: number;
  readonly entries: number;
  /** Chains that no head vouches for: a cut tail would not show there. */
  readonly withoutHead: number;
  /** Stops that are still pursued. */
  readonly openIntents: readonly UnclosedIntent[];
  /** Versions pushed before entries held their documents: what is stored of them is taken as it is. */
  readonly unboundPolicies: readonly number[];
  /** What the log of checkpoints vouches for: of entries up to `to`. Absent where there is no such log, or nothing in it yet. */
  readonly checkpoints?: Witnesses["span"];
  readonly findings: readonly Finding[];
};

/** What verifying reads. */
export type Verifiable = {
  readonly audit: Pick<AuditStore, "all" | "heads" | "readChain">;
  readonly state: ControlReads;
  readonly checkpoints?: Pick<CheckpointLog, "lines">;
};

/** The tables may move on while they are verified: what looks wrong is read again this often before it is believed. */
const MAX_LOOKS = 3;

/** What the chains are held against, as it was when a look began. */
type Look = {
  readonly control: Control;
  readonly heads: ReadonlyMap<string, Head>;
  readonly controlChain: readonly StoredEntry[];
  /** Every push of the control chain, the oldest first. */
  readonly pushes: readonly Pushed[];
  readonly witnesses?: Witnesses;
};

async function lookAt({ audit, state, checkpoints }: Verifiable): Promise<Look> {
  const heads = new Map<string, Head>();
  for await (const { chain, head } of audit.heads()) heads.set(chain, head);
  const control = await state.readControl();
  const controlChain = await audit.readChain(CONTROL_CHAIN);
  const entries = entriesOf(controlChain);
  const witnesses = checkpoints && (await readWitnesses(checkpoints.lines(), entries));
  return { control, heads, controlChain, pushes: pushesIn(entries), ...(witnesses && { witnesses }) };
}

/** The entries of each chain in their order. A chain that grows meanwhile may be torn: it is read again. */
async function chainsOf(entries: AsyncIterable<StoredEntry>): Promise<Map<string, StoredEntry[]>> {
  const chains = new Map<string, StoredEntry[]>();
  for await (const entry of entries) {
    const chain = chains.get(entry.chain);
    if (chain) chain.push(entry);
    else chains.set(entry.chain, [entry]);
  }
  for (const chain of chains.values()) chain.sort((a, b) => a.sequence - b.sequence);
  return chains;
}

const entriesOf = (stored: readonly StoredEntry[]): readonly Entry[] =>
  stored.flatMap(({ text }) => parse(text) ?? []);

/** An entry names a policy by version and hash: such a one was pushed. */
function* checkRefs(entries: readonly Entry[], pushes: readonly Pushed[]): Generator<Omit<Finding, "chain">> {
  for (const { sequence, policyVersion, policyHash } of entries) {
    if (policyHash === undefined) continue;
    const isPushed = pushes.some(
      ({ version, hash }) => version === policyVersion && (hash === undefined || hash === policyHash),
    );
    if (!isPushed)
      yield { sequence, problem: `it rests on a policy version ${policyVersion} that was never pushed so` };
  }
}

const lastOfEach = (pushes: readonly Pushed[]): readonly Pushed[] => [
  ...new Map(pushes.map((push) => [push.version, push])).values(),
];

const placedOf = ({ sequence, hash, copies }: StoredEntry) => ({ sequence, hash, at: copies.at });

type Checked = {
  readonly length: number;
  readonly unclosed: readonly UnclosedIntent[];
  readonly findings: readonly Finding[];
};

async function check(
  state: ControlReads,
  chain: string,
  stored: readonly StoredEntry[],
  look: Look,
): Promise<Checked> {
  const { control, heads, pushes, witnesses } = look;
  const entries = entriesOf(stored);
  const unclosed = unclosedIn(entries);
  const isControl = chain === CONTROL_CHAIN;
  const beyond = [
    ...checkRefs(entries, pushes),
    ...[...compareIntents(chain, unclosed, control)].map((problem) => ({ problem })),
    ...(isControl ? [...compareControl(control, entries)].map((problem) => ({ problem })) : []),
    ...(isControl ? await verifyPolicies(state, lastOfEach(pushes)) : []),
    ...(isControl ? (witnesses?.findings ?? []) : []),
    ...(witnesses ? compareCheckpoints(witnesses, chain, stored.map(placedOf)) : []),
  ].map((finding) => ({ chain, ...finding }));
  return {
    length: stored.length,
    unclosed,
    findings: [...verifyChain(chain, stored, heads.get(chain)), ...beyond],
  };
}

/**
 * Verifies every chain that there is, of any age, and holds the control state against them: its pointer, pause, exemptions
 * and open intents, and the policy documents. What was edited past the audit shows; where there is a log of checkpoints, also
 * what was rewritten, removed or made up together with the heads that the state table remembers.
 */
export async function verifyAll(tables: Verifiable): Promise<Verification> {
  const { audit, state } = tables;
  const found = await chainsOf(audit.all());
  let look = await lookAt(tables);
  const witnessed = look.witnesses?.heads.keys() ?? [];
  const stopped = look.control.openIntents.map(({ runId }) => runChain(runId));
  const chains = new Set([CONTROL_CHAIN, ...found.keys(), ...look.heads.keys(), ...stopped, ...witnessed]);

  const checked = new Map<string, Checked>();
  let suspects: readonly string[] = [...chains];
  for (let looks = 1; suspects.length > 0 && looks <= MAX_LOOKS; looks++) {
    if (looks > 1) look = await lookAt(tables);
    for (const chain of suspects) {
      const read = looks === 1 ? (found.get(chain) ?? []) : await audit.readChain(chain);
      found.delete(chain);
      const stored = chain === CONTROL_CHAIN ? look.controlChain : read;
      checked.set(chain, await check(state, chain, stored, look));
    }
    suspects = suspects.filter((chain) => checked.get(chain)?.findings.length);
  }
  const all = [...checked.values()];
  const standing = [...checked].filter(([chain, { length }]) => length > 0 || look.heads.has(chain));
  return {
    chains: standing.length,
    entries: all.reduce((sum, { length }) => sum + length, 0),
    withoutHead: standing.filter(([chain]) => !look.heads.has(chain)).length,
    openIntents: all.flatMap(({ unclosed }) => unclosed),
    unboundPolicies: lastOfEach(look.pushes).flatMap(({ version, hash }) => (hash ? [] : [version])),
    ...(look.witnesses?.span && { checkpoints: look.witnesses.span }),
    findings: all.flatMap(({ findings }) => findings),
  };
}
