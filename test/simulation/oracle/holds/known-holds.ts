import type { EntryFields } from "../entry-text.ts";
import type { SeenCall, SeenEntry } from "../history.ts";

/** What closes a hold. */
export type Closing = {
  readonly kind: "source.released" | "source.left";
  readonly commitMs: number;
  readonly reason: string;
  readonly by: string;
  readonly isLeftDisabled: boolean;
};

/** A promise to disable a schedule, as the audit has it, and what came of it. */
export type Hold = {
  readonly holdId: string;
  readonly scheduleId: string;
  readonly commitMs: number;
  /** Written by this process. */
  readonly by: string;
  readonly cause: { readonly kind: string; readonly ruleId?: string };
  /** As the schedule was read before: whoever finds it otherwise leaves it. */
  readonly modifiedAtMs: number;
  /** The policies that have asked for it. */
  readonly policyVersions: (number | undefined)[];
  untilMs: number;
  readonly closings: Closing[];
  /** Our changes for its sake that had an effect, in order. */
  readonly disables: SeenCall[];
  readonly enables: SeenCall[];
};

const isOf = (change: EntryFields["change"]): string => String(change?.scheduleId ?? "");

/** All that was promised of schedules so far, and who changed them. */
export class KnownHolds {
  readonly all: Hold[] = [];
  /** Every call that moved a schedule, in order. */
  readonly changes: SeenCall[] = [];
  readonly reads: SeenCall[] = [];

  get(holdId: string | undefined): Hold | undefined {
    return this.all.find((each) => each.holdId === holdId);
  }

  /** The promises of a schedule that were open at some moment of the span. */
  openOf(scheduleId: string | undefined, fromMs: number, toMs = fromMs): readonly Hold[] {
    return this.all.filter((each) => {
      const closedMs = each.closings[0]?.commitMs ?? Number.POSITIVE_INFINITY;
      return each.scheduleId === scheduleId && each.commitMs <= fromMs && closedMs >= toMs;
    });
  }

  openAt(atMs: number): readonly Hold[] {
    return this.all.filter(
      ({ commitMs, closings: [first] }) => commitMs <= atMs && (first?.commitMs ?? Infinity) > atMs,
    );
  }

  take({ commitMs, by }: SeenEntry, { entryId, change = {}, policyVersion }: EntryFields): Hold {
    const { cause, modifiedAt, until } = change;
    const hold: Hold = {
      holdId: entryId,
      scheduleId: isOf(change),
      commitMs,
      by,
      cause: cause as Hold["cause"],
      modifiedAtMs: Date.parse(String(modifiedAt)),
      untilMs: Date.parse(String(until)),
      policyVersions: [policyVersion],
      closings: [],
      disables: [],
      enables: [],
    };
    this.all.push(hold);
    return hold;
  }

  changesOf(scheduleId: string | undefined): readonly SeenCall[] {
    return this.changes.filter((each) => each.scheduleId === scheduleId);
  }

  /** The last reading of the schedule that a process had when it sent something. */
  lastRead(by: string, scheduleId: string | undefined, atMs: number): SeenCall | undefined {
    return this.reads.findLast(
      (each) =>
        each.by === by &&
        each.scheduleId === scheduleId &&
        each.status === 200 &&
        (each.deliveredAtMs ?? Infinity) <= atMs,
    );
  }
}
