import type { TrueRun } from "../../../emulator/index.ts";
import type { EntryFields } from "./entry-text.ts";
import type { SeenRestore } from "./history.ts";
import type { PolicyDocument } from "./policy-text.ts";

export type ExemptionFields = {
  /** `ruleId`: it lifts that rule alone. */
  readonly subject: { readonly kind: string; readonly id: string; readonly ruleId?: string };
  readonly untilMs: number;
  readonly ceilingUsd?: number;
  /** When its entry says that it was granted. */
  readonly grantedMs: number;
  /** The intent that it is to undo. */
  readonly undoOf?: string;
  readonly isAnnounced?: boolean;
};

/** What operators had in force from an instant on. */
export type ControlAt = {
  readonly fromMs: number;
  readonly policyVersion?: number;
  /** The version that this one stands in for: a process that has read it before goes on by it. */
  readonly pointsTo?: number;
  /** Infinity: until resumed. */
  readonly pausedUntilMs?: number;
  readonly exemptions: readonly ExemptionFields[];
  /** Attentions that a person has quieted until then, by id. */
  readonly quieted: Readonly<Record<string, number>>;
};

const untilMs = (until: unknown): number =>
  typeof until === "string" ? Date.parse(until) : Number.POSITIVE_INFINITY;

function without({ quieted }: ControlAt, id: string): ControlAt["quieted"] {
  const { [id]: _gone, ...rest } = quieted;
  return rest;
}

function after(now: ControlAt, fromMs: number, { kind, at, change = {} }: EntryFields): ControlAt {
  const subject = change.subject as ExemptionFields["subject"];
  const others = now.exemptions.filter(
    (each) =>
      each.subject.kind !== subject?.kind ||
      each.subject.id !== subject?.id ||
      each.subject.ruleId !== subject?.ruleId,
  );
  const next = { ...now, fromMs };
  switch (kind) {
    case "policy.pushed": {
      const { pointsTo: _before, ...pushed } = next;
      return { ...pushed, policyVersion: Number(change.version) };
    }
    case "policy.fell-back":
      return { ...next, policyVersion: Number(change.inForce), pointsTo: Number(change.version) };
    // What was said of an earlier one is no answer to this.
    case "control.paused":
      return { ...next, pausedUntilMs: untilMs(change.until), quieted: without(now, "weaker:pause") };
    case "attention.acknowledged":
      return { ...next, quieted: { ...now.quieted, [String(change.attention)]: untilMs(change.until) } };
    case "control.resumed": {
      const { pausedUntilMs: _over, ...resumed } = next;
      return resumed;
    }
    case "exemption.granted": {
      const ceiling = typeof change.ceilingUsd === "number" ? { ceilingUsd: change.ceilingUsd } : {};
      const undoOf = typeof change.undoOf === "string" ? { undoOf: change.undoOf } : {};
      const granted = {
        subject,
        untilMs: untilMs(change.until),
        grantedMs: Date.parse(at),
        ...ceiling,
        ...undoOf,
      };
      const quieted = subject.kind === "rule" ? without(now, `weaker:exempt:${subject.id}`) : now.quieted;
      return { ...next, exemptions: [...others, granted], quieted };
    }
    case "exemption.ending": {
      const announced = now.exemptions.filter((each) => !others.includes(each));
      return {
        ...next,
        exemptions: [...others, ...announced.map((each) => ({ ...each, isAnnounced: true }))],
      };
    }
    case "exemption.ended":
      return { ...next, exemptions: others };
    default:
      return next;
  }
}

/** The operators' actions, as the control chain holds them, each from the instant at which it was committed. */
export class ControlPlane {
  readonly #policyText: (version: number) => string | undefined;
  readonly #documents = new Map<number, PolicyDocument>();
  readonly #states: ControlAt[] = [{ fromMs: Number.NEGATIVE_INFINITY, exemptions: [], quieted: {} }];

  constructor(policyText: (version: number) => string | undefined) {
    this.#policyText = policyText;
  }

  take(commitMs: number, entry: EntryFields): void {
    this.#states.push(after(this.now, commitMs, entry));
    // What was pushed once may be gone when the state table is put back.
    this.document(this.now.policyVersion);
  }

  /** The control item holds the pause and which policy is in force; exemptions are items of their own. */
  putBack({ atMs, keptMs, what }: SeenRestore): void {
    const [then = this.now] = this.between(keptMs, keptMs);
    const exemptions = what === "table" ? then.exemptions : this.now.exemptions;
    this.#states.push({ ...then, exemptions, fromMs: atMs });
  }

  get now(): ControlAt {
    return this.#states.at(-1) ?? { fromMs: 0, exemptions: [], quieted: {} };
  }

  /** Whatever was in force at some moment of the span, both ends included. */
  between(fromMs: number, toMs: number): readonly ControlAt[] {
    return this.#states.filter((state, index) => {
      const until = this.#states[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
      return state.fromMs <= toMs && until > fromMs;
    });
  }

  document(version: number | undefined): PolicyDocument | undefined {
    if (version === undefined) return undefined;
    const known = this.#documents.get(version);
    const text = known ? undefined : this.#policyText(version);
    if (known || text === undefined) return known;
    const document = JSON.parse(text) as PolicyDocument;
    this.#documents.set(version, document);
    return document;
  }
}

export const isPaused = ({ pausedUntilMs }: ControlAt, nowMs: number): boolean =>
  pausedUntilMs !== undefined && nowMs < pausedUntilMs;

/** An exemption ends at its time, or for a run whose cost was shown at its ceiling; an unknown cost is below it. */
export function isExempt(
  state: ControlAt,
  ruleId: string,
  run: TrueRun,
  usd: number | undefined,
  nowMs: number,
): boolean {
  const ids: Readonly<Record<string, string | undefined>> = {
    run: run.id,
    actor: run.actorId,
    task: run.taskId,
    rule: ruleId,
  };
  return state.exemptions.some(({ subject, untilMs: until, ceilingUsd }) => {
    if (ids[subject.kind] !== subject.id || nowMs >= until) return false;
    if (subject.ruleId !== undefined && subject.ruleId !== ruleId) return false;
    return ceilingUsd === undefined || Math.round((usd ?? 0) * 1e6) < Math.round(ceilingUsd * 1e6);
  });
}
