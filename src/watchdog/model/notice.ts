import type { EntryEvidence, EntryKind, EntryStep } from "./entry.ts";

/** Moved when a field changes its meaning or goes; a new one alone doesn't move it. */
export const NOTICE_VERSION = 1;

/** What is announced: an entry of the audit, or what is no entry of it (yet). */
export type NoticeKind = EntryKind | "digest" | "test";

/** A line of a message: what it is about, and what there is to say. */
export type Fact = { readonly name: string; readonly value: string; readonly url?: string };

/**
 * What people and programs are notified of: the detail of an EventBridge event and the body of a webhook, as it is. Mails and
 * Slack show `title`, `text` and `facts`. docs/notice.schema.json is its JSON schema.
 */
export type Notice = {
  readonly version: typeof NOTICE_VERSION;
  /** Of the fact itself: the same each time that it is sent. */
  readonly id: string;
  readonly kind: NoticeKind;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly account: string;
  /** The CloudFormation stack that sends it. */
  readonly stack?: string;
  /** One word that sums it up: `STOPPED`. */
  readonly word: string;
  /** The word and what it is about, in one line. */
  readonly title: string;
  /** What happened, in one sentence. */
  readonly text: string;
  readonly facts: readonly Fact[];
  /** A command line that overrules it, takes it back or shows more, as it can be typed. */
  readonly command?: string;
  readonly run?: {
    readonly id: string;
    /** In Apify Console. */
    readonly url: string;
    readonly status?: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
    /** In USD, as of the entry; absent where it is not known. */
    readonly usageTotalUsd?: number;
  };
  readonly actor?: Named;
  readonly task?: Named;
  readonly rule?: {
    readonly id: string;
    readonly mode?: string;
    readonly policyVersion?: number;
    readonly step?: EntryStep;
  };
  /** What it rests on; `evidence.budget` says whose budget and which window. */
  readonly evidence?: EntryEvidence;
  /** Why it was not stopped although a rule says so. */
  readonly guard?: string;
  /** What a stop came to, in USD. */
  readonly outcome?: { readonly finalUsageTotalUsd?: number; readonly overshootUsd?: number };
  /** `watchdog`, or the identity of who acted. */
  readonly by?: string;
  readonly owner?: string;
  /** Of the control plane: what changed. */
  readonly change?: Readonly<Record<string, unknown>>;
  /** Where it stands in the audit. */
  readonly entry?: { readonly id: string; readonly chain: string; readonly sequence: number };
};

type Named = { readonly id: string; readonly name?: string };

/** What an entry's place in the audit held, and what became of it. */
export type Tampering = {
  /** Of the stream's record: the same change is one tampering, however often it is read. */
  readonly id: string;
  readonly change: "changed" | "removed";
  /** When it was seen: about when it was done. ISO 8601, UTC. */
  readonly at: string;
  readonly chain: string;
  readonly sequence: number;
  /** Copies that stood beside the entry before, as far as they can be read. */
  readonly was: { readonly entryId?: string; readonly kind?: string; readonly hash?: string };
  /** The hash that stands there now, of what was changed. */
  readonly hashNow?: string;
};

/** What an entry says of a tampering: the first that was seen, and how many were until it was written. */
export type Tampered = {
  readonly change?: string;
  readonly at?: string;
  readonly chain?: string;
  readonly sequence?: number;
  readonly was?: object;
  readonly hashNow?: string;
  readonly seen: number;
};

/** A record of the audit's stream. */
export type AuditRecord =
  | { readonly kind: "entry"; readonly text: string; readonly place: string }
  | { readonly kind: "tampering"; readonly tampering: Tampering }
  /** Nothing that an entry of ours looks like. */
  | { readonly kind: "unreadable"; readonly place: string; readonly why: string };

/** What came of sending: what the other side said, and where that can be known how many it reaches. */
export type Receipt = { readonly said: string; readonly reaches?: number };

/** A way to people or programs. `send` throws when it could not: its message holds no secret, no URL and no answer's body. */
export interface Channel {
  send(notices: readonly Notice[]): Promise<Receipt>;
}

/** What stands in a message that waits for a channel: whose it is, and what there is to send together. */
export type LetterBody = { readonly channel: string; readonly notices: readonly Notice[] };

/** What waits for one channel, and is sent from there until the channel has taken it. */
export interface Outbox {
  readonly name: string;
  readonly kinds: ReadonlySet<NoticeKind>;
  /** How many notices one message of this channel may hold. */
  readonly mostTogether: number;
  /** People read it: what happened to many runs at once is one notice there. */
  readonly forPeople: boolean;
  /** Puts messages there. Returns those that it does not take, and why; never throws. */
  put(messages: readonly (readonly Notice[])[]): Promise<Refused>;
}

export type Refused = { readonly left: readonly (readonly Notice[])[]; readonly why?: string };

/** Where what can't be announced is kept for a person. Throws when it can't even be put there. */
export interface DeadLetters {
  put(letters: readonly object[]): Promise<void>;
}
