import {
  CONTROL_CHAIN,
  type Head,
  isBudgetChain,
  runChain,
  runIdOf,
  type SealedEntry,
} from "../../watchdog/model/entry.ts";
import { ConflictError } from "../../watchdog/model/errors.ts";
import type { Append, AuditSpan, AuditStore, StoredEntry } from "../../watchdog/model/ports.ts";
import { anotherStands, checkAppend } from "../../watchdog/stored/check-append.ts";
import {
  copiesOf,
  decodeExemption,
  encodeControl,
  encodeExemption,
  encodePolicy,
  exemptionKey,
  grantKey,
} from "../../watchdog/stored/codec.ts";
import { type AccountRows, freeze } from "./database.ts";
import type { Meter } from "./meter.ts";
import { requireVersion } from "./require-version.ts";

/** A twin of the audit table. An append checks and encodes everything before it changes anything. */
export class MemoryAuditStore implements AuditStore {
  readonly #account: string;
  readonly #rows: AccountRows;
  readonly #meter: Meter;

  constructor(account: string, rows: AccountRows, meter: Meter) {
    this.#account = account;
    this.#rows = rows;
    this.#meter = meter;
  }

  async readChain(chain: string): Promise<readonly StoredEntry[]> {
    const entries = this.#rows.chains.get(chain) ?? [];
    this.#meter.read();
    return [...entries];
  }

  async isTaken(chain: string, sequence: number): Promise<boolean> {
    this.#meter.read();
    return (this.#rows.chains.get(chain) ?? []).some((entry) => entry.sequence === sequence);
  }

  async readHead(chain: string): Promise<Head | undefined> {
    const { control, runs, budgetHeads } = this.#rows;
    this.#meter.read();
    const ofBudget = isBudgetChain(chain) ? budgetHeads.get(chain) : runs.get(runIdOf(chain))?.head;
    const head = chain === CONTROL_CHAIN ? control?.head : ofBudget;
    return head && { ...head };
  }

  async append(append: Append): Promise<void> {
    checkAppend(append, this.#account);
    const rows = this.#rows;
    const { sealed, control, policy, exemption } = append;
    const { chain, sequence } = sealed.entry;
    const entries = rows.chains.get(chain) ?? [];
    const conflicts = [
      entries.some((entry) => entry.sequence === sequence) &&
        `place ${sequence} of chain "${chain}" is taken`,
      policy && rows.policies.has(policy.version) && `policy version ${policy.version} is taken`,
    ].filter((conflict) => typeof conflict === "string");
    if (conflicts.length > 0) throw new ConflictError(conflicts.join("; "));
    if (control) requireVersion("control state", rows.control, control.expectedVersion);
    if (exemption) requireStanding(rows, exemption);

    const head: Head = { sequence, hash: sealed.hash };
    const controlText = control && encodeControl(control.next);
    const policyText = policy && encodePolicy(policy.document);
    const exemptionText = exemption && "put" in exemption ? encodeExemption(exemption.put) : undefined;

    rows.chains.set(
      chain,
      [...entries, storedEntryOf(sealed)].sort((a, b) => a.sequence - b.sequence),
    );
    this.#meter.write(sealed.text);
    const isControlChain = chain === CONTROL_CHAIN;
    if (isBudgetChain(chain)) {
      rows.budgetHeads.set(chain, head);
      this.#meter.write();
    } else if (!isControlChain) {
      const runId = runIdOf(chain);
      rows.runs.set(runId, { ...rows.runs.get(runId), head });
      this.#meter.write();
    }
    if (control && controlText !== undefined) {
      const own = isControlChain ? head : rows.control?.head;
      rows.control = { version: control.expectedVersion + 1, text: controlText, ...(own && { head: own }) };
      this.#meter.write(controlText);
    }
    if (policy && policyText !== undefined) {
      rows.policies.set(policy.version, policyText);
      this.#meter.write(policyText);
    }
    if (exemption) {
      if ("remove" in exemption) rows.exemptions.delete(exemptionKey(exemption.remove));
      else if (exemptionText !== undefined)
        rows.exemptions.set(exemptionKey(exemption.put.subject), exemptionText);
      this.#meter.write();
    }
  }

  async *list({ from, to, latestFirst }: AuditSpan): AsyncGenerator<StoredEntry> {
    const first = from.toISOString();
    const last = to.toISOString();
    const found = [...this.#rows.chains.values()]
      .flat()
      .filter(({ copies }) => first <= copies.at && copies.at <= last)
      .sort((a, b) => compare(a.copies.at, b.copies.at) || compare(a.copies.entryId, b.copies.entryId));
    this.#meter.read();
    yield* latestFirst ? found.toReversed() : found;
  }

  async *all(): AsyncGenerator<StoredEntry> {
    this.#meter.read();
    yield* [...this.#rows.chains.values()].flat();
  }

  async *heads(): AsyncGenerator<{ readonly chain: string; readonly head: Head }> {
    const { control, runs, budgetHeads } = this.#rows;
    this.#meter.read();
    if (control?.head) yield { chain: CONTROL_CHAIN, head: { ...control.head } };
    for (const [runId, { head }] of [...runs].sort(([a], [b]) => compare(a, b))) {
      if (head) yield { chain: runChain(runId), head: { ...head } };
    }
    for (const [chain, head] of [...budgetHeads].sort(([a], [b]) => compare(a, b)))
      yield { chain, head: { ...head } };
  }
}

function requireStanding({ exemptions }: AccountRows, { standing }: NonNullable<Append["exemption"]>): void {
  if (!standing) return;
  const key = exemptionKey(standing.subject);
  const stands = decodeExemption(key, exemptions.get(key));
  if (stands.kind === "valid" && grantKey(stands) === grantKey(standing)) return;
  throw new ConflictError(anotherStands(standing.subject));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const storedEntryOf = ({ entry, text, hash }: SealedEntry): StoredEntry =>
  freeze({ chain: entry.chain, sequence: entry.sequence, text, hash, copies: copiesOf(entry) });
