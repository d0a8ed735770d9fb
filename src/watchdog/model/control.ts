import type {
  ControlView,
  Exemption,
  Pause,
  Policy,
  RecentIntent,
  RunSource,
  Step,
} from "../../policy/index.ts";
import type { EntryEvidence, Head } from "./entry.ts";
import type { FreedSource, LeftSource, SourceHold } from "./holds/hold.ts";

/** What an operator ordered of one run: no rule stands behind it, so these two do. */
export type Order = { readonly by: string; readonly reason: string };

/** The durable promise to abort one life of a run; open until its one closing entry. */
export type OpenIntent = PolicyRef & {
  /** The `entryId` of its `abort.intended`. */
  readonly intentId: string;
  readonly runId: string;
  readonly life: number;
  readonly actorId: string;
  readonly actorTaskId?: string;
  readonly ruleId: string;
  readonly step: Step;
  readonly at: Date;
  /** What the intent rests on, as its entry says it, without `also`: each entry that follows repeats it. */
  readonly evidence: EntryEvidence;
  /** Only the tick that holds the claim may call abort, and only while it lasts. */
  readonly claim: { readonly tickId: string; readonly until: Date };
  /** A call left this process whose answer was a refusal or is lost; the intent can't be withdrawn any more. */
  readonly callSent: boolean;
  /** The answer to a call is lost: it may have had its effect. */
  readonly callLost?: boolean;
  /** When the API was known to have taken a call. */
  readonly requestedAt?: Date;
  /** When the one call without grace was promised. Until it is answered, the promise is still to be kept. */
  readonly forcedAt?: Date;
  /** The call without grace was taken or refused, or its answer is lost: no other is sent. */
  readonly forceAnswered?: boolean;
  /** The promised call without grace was not sent after all, and may be promised again. */
  readonly forceSpared?: boolean;
  readonly unconfirmedAt?: Date;
  /** When the run was first found missing, past its first two minutes. */
  readonly missingSince?: Date;
  /** Who ordered it by hand, and why; absent where a rule condemns the run. */
  readonly order?: Order;
  /** Whom the rule says to tell. */
  readonly owner?: string;
  /** What the run had cost when the intent was written, in USD. */
  readonly usageTotalUsd?: number;
};

/** A source that starts again what was stopped, and of which that was told. */
export type ToldLoop = { readonly source: RunSource; readonly since: Date };

/** That a person has seen an attention, which is quiet until then. */
export type Acknowledged = {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
  readonly until: Date;
};

export const GAP = "gap";

/** What called for a person and does not any more; with the id `gap`: a time without a complete tick. */
export type CallOver = { readonly id: string; readonly since: Date; readonly until: Date };

/** What is remembered of attention, for reports. */
export type Called = {
  /** What stands, by its stable id: since when. */
  readonly standing: Readonly<Record<string, Date>>;
  /** The last ones that are over, oldest first. */
  readonly over: readonly CallOver[];
  /** How long after the complete tick before it the last one began. */
  readonly betweenMs?: number;
};

/** That entries were changed or removed, which no entry says yet: left by who saw it, for the next tick. */
export type TamperingMark = {
  /** The first of them, in JSON: see `Tampering`. Whoever can write to the state table may have written anything. */
  readonly first: string;
  /** How many were seen since; one that was seen again counts again. */
  readonly seen: number;
};

/** What an operator asks the next tick for: to decide on a run that does not exist, and to write down what it would do. */
export type DrillRequest = {
  readonly id: string;
  readonly by: string;
  readonly at: Date;
  /** Later ticks leave it: who asked does not wait any more. */
  readonly until: Date;
};

/** The account's control plane, in one consistent read. */
export type Control = {
  /** Moved by every write: the condition that writers hold. 0 before the first. */
  readonly version: number;
  /** Moved by operators: push, pause, resume, exemption. */
  readonly revision: number;
  /** The Apify user whose token the first tick used. */
  readonly apifyUserId?: string;
  readonly policyVersion?: number;
  /** The policy that came with the deployment last: its hash, and the version that it became. */
  readonly deployedPolicy?: { readonly hash: string; readonly version: number };
  readonly pause?: Pause;
  /** Absent where there is none. */
  readonly acknowledged?: readonly Acknowledged[];
  /** The loops that go on. Absent where there is none. */
  readonly loops?: readonly ToldLoop[];
  /** Absent where none is asked for, or the last one was answered. */
  readonly drill?: DrillRequest;
  readonly exemptions: readonly Exemption[];
  /** The intents of the last hour. */
  readonly recentIntents: readonly RecentIntent[];
  readonly openIntents: readonly OpenIntent[];
  /** Schedules that are held. Absent where there are none, as are the two that follow. */
  readonly holds?: readonly SourceHold[];
  readonly freed?: readonly FreedSource[];
  readonly left?: readonly LeftSource[];
  /** Where the control plane's own chain stands. */
  readonly head?: Head;
  readonly tampering?: TamperingMark;
};

/** The policy that a control state puts in force. */
export type PolicyInForce = {
  /** The one really used. */
  readonly version: number;
  /** Of its document, as its push has it. */
  readonly hash: string;
  readonly policy: Policy;
  /** Set where it stands in for the version that was pushed last, which can't be used. */
  readonly fellBack?: { readonly version: number; readonly problem: string };
};

/** How entries name the policy that they rest on. */
export type PolicyRef = {
  readonly policyVersion: number;
  /** Absent in what was written before entries had it. */
  readonly policyHash?: string;
};

export const refOf = ({ version, hash }: Pick<PolicyInForce, "version" | "hash">): PolicyRef => ({
  policyVersion: version,
  policyHash: hash,
});

/** The same of what names a policy already. */
export const sameRef = ({ policyVersion, policyHash }: PolicyRef): PolicyRef => ({
  policyVersion,
  ...(policyHash !== undefined && { policyHash }),
});

/** What a write may change; exemptions and the mark of a tampering are items of their own. */
export type ControlState = Omit<Control, "version" | "exemptions" | "tampering">;

export const EMPTY_CONTROL: Control = {
  version: 0,
  revision: 0,
  exemptions: [],
  recentIntents: [],
  openIntents: [],
};

/** The part of the control plane that a write replaces. */
export function stateOf(control: Control): ControlState {
  const { version: _version, exemptions: _exemptions, tampering: _tampering, ...state } = control;
  return state;
}

export const viewOf = (control: Control): ControlView => ({
  ...(control.pause && { pause: control.pause }),
  exemptions: control.exemptions,
  recentIntents: control.recentIntents,
  openRunIds: new Set(control.openIntents.map(({ runId }) => runId)),
});

/** As `viewOf`, for judging again a run that has an open intent. */
export const viewWithoutOpen = (control: Control): ControlView => ({
  ...viewOf(control),
  openRunIds: new Set(),
});
