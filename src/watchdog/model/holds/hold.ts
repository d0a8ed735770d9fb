import type { HoldCause } from "../../../policy/index.ts";

/** The durable promise to disable one schedule, and what is known of it; open until its one closing entry. */
export type SourceHold = {
  /** The `entryId` of its `source.held`. */
  readonly holdId: string;
  readonly scheduleId: string;
  readonly name?: string;
  readonly cause: HoldCause;
  /** The policy that asked for it. Absent where a person did before there was one. */
  readonly policyVersion?: number;
  readonly policyHash?: string;
  readonly at: Date;
  readonly until: Date;
  /** When anybody had changed it last, as it was read before the promise: it was enabled then. */
  readonly modifiedAt: Date;
  /** What people had made of it then, but for whether it was enabled. */
  readonly state: string;
  /** Only who holds the claim may change the schedule, and only while it lasts. */
  readonly claim: { readonly tickId: string; readonly until: Date };
  /** Its `modifiedAt` as we left it, disabled. Absent: it is not known yet that we did. */
  readonly madeAt?: Date;
  /** Since when and why it is let go: it may have been enabled by us. */
  readonly letGo?: { readonly at: Date; readonly by: string; readonly reason: string };
  /** Since when Apify answers that there is no such schedule. One answer is no proof of it. */
  readonly goneAt?: Date;
  /** Of a budget: what it had come to, in the unit of its limit: micro-dollars, or a count. */
  readonly measured?: number;
};

/** A schedule that is not held until then, although a rule asks for it. */
export type FreedSource = {
  readonly scheduleId: string;
  readonly until: Date;
  /** `refused`: the token may not disable it. */
  readonly why: "released" | "enabled" | "refused";
};

/** A schedule that we had disabled and that is not ours to enable any more: a person must. */
export type LeftSource = {
  readonly scheduleId: string;
  readonly name?: string;
  readonly holdId: string;
  readonly at: Date;
  readonly reason: "changed" | "refused";
  /** Since when Apify answers that there is no such schedule; forgotten once it goes on saying so. */
  readonly goneAt?: Date;
};

/** Why a hold leaves its schedule disabled. `gone`: Apify does not find it. */
export type Leaves = LeftSource["reason"] | "gone";

/** What is kept of that: to versions that know of no `goneAt`, somebody else had a hand in it. */
export const leftAs = (leaves: Leaves, at: Date): Pick<LeftSource, "reason" | "at" | "goneAt"> =>
  leaves === "gone" ? { reason: "changed", at, goneAt: at } : { reason: leaves, at };

/** Where a person enables or disables it. */
export const scheduleUrl = (scheduleId: string): string =>
  `https://console.apify.com/schedules/${scheduleId}`;

/** `schedule nightly-prices (kX3…)`. */
export const scheduleWords = ({ scheduleId, name }: Pick<SourceHold, "scheduleId" | "name">): string =>
  name === undefined ? `schedule ${scheduleId}` : `schedule ${name} (${scheduleId})`;
