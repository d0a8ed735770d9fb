import * as v from "valibot";
import type { NoticeKind } from "../src/watchdog/model/notice.ts";
import {
  accountName,
  auditTable,
  DEFAULT_ACCOUNT,
  deadLetterQueue,
  type Environment,
  readEnv,
  refuse,
  stateTable,
  text,
} from "./read-env.ts";

/**
 * What the notifier and the courier read from their environment: declared once, read by the functions, set by the
 * infrastructure. The notifier puts what it reads of the audit's stream into the queues of channels; the courier sends
 * what waits there.
 */
export const NOTIFIER_ENV = {
  stateTable: "STATE_TABLE",
  auditTable: "AUDIT_TABLE",
  account: "ACCOUNT",
  /** The CloudFormation stack, for the commands in notices. */
  stack: "STACK_NAME",
  /** What these begin with. */
  runner: "RUNNER",
  /** JSON: a list of `OutboxSetting`. */
  outboxes: "OUTBOXES",
  /** The URL of the queue for what can't be announced at all. */
  deadLetters: "DEAD_LETTER_QUEUE",
} as const;

export const COURIER_ENV = {
  account: "ACCOUNT",
  stack: "STACK_NAME",
  /** JSON: a list of `ChannelSetting`. */
  channels: "CHANNELS",
} as const;

/** A kind that channels can take; a test goes through all of them. */
export type RoutedKind = Exclude<NoticeKind, "test">;

type Announced = {
  /** At once, or with others that come within some minutes. */
  readonly when: "at once" | "bundled";
  /** Whether people are notified of it, where they don't say of what. */
  readonly toPeople: boolean;
};

const told: Announced = { when: "at once", toPeople: true };
const toldTogether: Announced = { when: "bundled", toPeople: true };
const forPrograms: Announced = { when: "at once", toPeople: false };

/** How soon each kind is announced, and to whom. */
export const ANNOUNCED: Readonly<Record<RoutedKind, Announced>> = {
  "step.notified": toldTogether,
  "abort.observed": { when: "bundled", toPeople: false },
  "abort.held": toldTogether,
  "abort.intended": forPrograms,
  "abort.requested": forPrograms,
  "abort.failed": told,
  "abort.forced": forPrograms,
  "abort.unconfirmed": told,
  "abort.confirmed": told,
  "abort.moot": told,
  "abort.withdrawn": forPrograms,
  "policy.pushed": told,
  "policy.fell-back": told,
  "control.paused": told,
  "control.resumed": told,
  "exemption.granted": told,
  "exemption.ending": toldTogether,
  "exemption.ended": toldTogether,
  "attention.acknowledged": told,
  "loop.begun": told,
  "audit.checkpoint": { when: "bundled", toPeople: false },
  "run.undone": told,
  "stop.judged": { when: "bundled", toPeople: false },
  "drill.begun": told,
  "drill.ended": forPrograms,
  "audit.tampered": told,
  "source.held": toldTogether,
  "source.released": toldTogether,
  "source.left": told,
  digest: told,
};

export const ROUTED_KINDS = Object.keys(ANNOUNCED) as readonly RoutedKind[];

/** `*`, `abort.*` or one kind. */
const matches = (pattern: string, kind: string): boolean =>
  pattern === "*" || pattern === kind || (pattern.endsWith(".*") && kind.startsWith(pattern.slice(0, -1)));

/** The pattern among these that stands for no kind, if there is one. */
export const unknownPattern = (patterns: readonly string[]): string | undefined =>
  patterns.find((pattern) => !ROUTED_KINDS.some((kind) => matches(pattern, kind)));

const CHANNEL_KINDS = ["sns", "slack", "eventbridge", "webhook"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** Channels that people read; programs take every kind where they don't say which. */
export const FOR_PEOPLE: readonly ChannelKind[] = ["sns", "slack"];

/** How many notices one message of a channel holds: people get them together, EventBridge takes ten in one request, a webhook one by one. */
export const MOST_TOGETHER: Readonly<Record<ChannelKind, number>> = {
  sns: 40,
  slack: 40,
  eventbridge: 10,
  webhook: 1,
};

/** The kinds that a channel takes: by patterns, or those that such a channel takes where there are none. */
export const kindsOf = (channel: ChannelKind, patterns?: readonly string[]): readonly RoutedKind[] =>
  ROUTED_KINDS.filter((kind) => {
    if (patterns) return patterns.some((pattern) => matches(pattern, kind));
    return ANNOUNCED[kind].toPeople || !FOR_PEOPLE.includes(channel);
  });

const url = text("the URL of a queue");
const outbox = v.object({
  /** What the channel is called in messages and answers. */
  name: text("a name"),
  channel: v.picklist(CHANNEL_KINDS),
  queueUrl: url,
  kinds: v.optional(
    v.pipe(
      v.array(v.string()),
      v.check((patterns) => unknownPattern(patterns) === undefined, `some of ${ROUTED_KINDS.join(", ")}`),
    ),
  ),
});
export type OutboxSetting = v.InferOutput<typeof outbox>;

const secret = {
  kind: v.picklist(["slack", "webhook"]),
  secretArn: v.optional(text("the ARN of a secret")),
  parameterName: v.optional(text("the name of a SecureString parameter")),
};
const target = v.variant("kind", [
  v.object({ kind: v.literal("sns"), topicArn: text("the ARN of an SNS topic") }),
  v.object({ kind: v.literal("eventbridge"), bus: text("the name or the ARN of an event bus") }),
  v.object(secret),
]);
/** Where a channel leads to. */
export type ChannelTarget = v.InferOutput<typeof target>;
export type SecretTarget = v.InferOutput<v.ObjectSchema<typeof secret, undefined>>;

const channel = v.object({
  name: text("a name"),
  queueUrl: url,
  /** The queue of what was tried long enough. */
  givenUpUrl: url,
  target,
});
export type ChannelSetting = v.InferOutput<typeof channel>;

const listIn = <S extends v.GenericSchema>(each: S) =>
  v.optional(v.pipe(v.string(), v.parseJson(undefined, "JSON"), v.array(each, "a list")), "[]");

const place = {
  ACCOUNT: v.optional(accountName, DEFAULT_ACCOUNT),
  STACK_NAME: v.optional(text("the name of a stack")),
};
const notifierSchema = v.object({
  ...place,
  RUNNER: v.optional(text("what runs the command line")),
  STATE_TABLE: stateTable,
  AUDIT_TABLE: auditTable,
  OUTBOXES: listIn(outbox),
  DEAD_LETTER_QUEUE: deadLetterQueue,
});
const courierSchema = v.object({ ...place, CHANNELS: listIn(channel) });

/** Reads the notifier's environment. Throws `ConfigError` as `readWatchdogEnv` does. */
export function readNotifierEnv(env: Environment): v.InferOutput<typeof notifierSchema> {
  const { output, problems } = readEnv(notifierSchema, env);
  return output ?? refuse("notifier", problems);
}

/** Reads the courier's environment. Throws `ConfigError` as `readWatchdogEnv` does. */
export function readCourierEnv(env: Environment): v.InferOutput<typeof courierSchema> {
  const { output, problems } = readEnv(courierSchema, env);
  return output ?? refuse("courier", problems);
}

type PlaceEnv = {
  readonly ACCOUNT: string;
  readonly STACK_NAME?: string | undefined;
  readonly RUNNER?: string | undefined;
};

/** Whose notices these are, and how the commands in them begin and end. */
export const placeOf = ({ ACCOUNT, STACK_NAME, RUNNER }: PlaceEnv) => ({
  account: ACCOUNT,
  ...(STACK_NAME !== undefined && { stack: STACK_NAME }),
  ...(RUNNER !== undefined && { runner: RUNNER }),
});
