import type { OneOrMore } from "../ground/during.ts";
import type { CostMissing, FieldChange, ShownAs, Stale } from "./answers.ts";
import type { CostCurve } from "./cost-curve.ts";
import type { Service } from "./services.ts";

/** Statuses of a run, as documented by Apify's API reference. */
export const RUN_STATUSES = [
  "READY",
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMING-OUT",
  "TIMED-OUT",
  "ABORTING",
  "ABORTED",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const LIVE_STATUSES: ReadonlySet<string> = new Set(["READY", "RUNNING", "TIMING-OUT", "ABORTING"]);

/** How runs get started. Apify's list grows ahead of its reference (APIFY_AI), so this is a plain string there too. */
const RUN_ORIGINS = [
  "DEVELOPMENT",
  "WEB",
  "API",
  "SCHEDULER",
  "TEST",
  "WEBHOOK",
  "ACTOR",
  "CLI",
  "CI",
  "STANDBY",
  "MCP",
  "APIFY_AI",
] as const;
export type RunOrigin = (typeof RUN_ORIGINS)[number];

/** What a run does once it is told to abort. */
export type AbortBehaviour =
  /** Persists its state for `forMs` after a graceful abort; the platform force-stops it at 30 s. Default: 3 s. */
  | { readonly kind: "drains"; readonly forMs: number }
  /** Finishes its work while ABORTING: SUCCEEDED `afterMs` after a graceful abort. */
  | { readonly kind: "winsRace"; readonly afterMs: number }
  /** Stays ABORTING (the documented 30 s force-stop fails to happen) until an abort without grace. */
  | { readonly kind: "ignoresGraceful" }
  /** Stays ABORTING whatever is sent; if it times out, it stays TIMING-OUT. */
  | { readonly kind: "unstoppable" };

/**
 * The life of one pretend run, in milliseconds; each life of a resurrected run follows it again. Instants (`fromMs`,
 * `untilMs`, `atMs`) count from the world's start or, for a run that is started later, from the moment at which it is.
 */
export type RunScript = {
  /** `owner/name` of one of the world's Actors, as the world declares it. */
  readonly actor: string;
  /** A name of its own, by which faults, tokens and tests can mean this run. */
  readonly label?: string;
  /** Name of one of the world's tasks. */
  readonly task?: string;
  /** Who started it and pays for it: a user's name as the world declares it. Default: the world's owner. */
  readonly user?: string;
  /** Default `API`. */
  readonly origin?: RunOrigin;
  /** When it starts, from the world's start (from now, for `startRun`); negative: it has been running already. Default 0. */
  readonly startsAfterMs?: number;
  /** How long it is READY, `Infinity` for ever. Default 1,500. */
  readonly readyForMs?: number;
  /** What it truly costs while it has a container: a plain number is USD per hour. Default 0.2. */
  readonly cost?: CostCurve | number;
  /** Which services what it costs beyond compute goes to, by shares that add up to 1. Default: a bit of each. */
  readonly spendsOn?: Readonly<Partial<Record<Service, number>>>;
  /** `usageTotalUsd` shows the true cost as of so long ago. Default 8,000. */
  readonly usageLagMs?: number;
  /** The figure shown moves only each so many ms of a life, to what it would be then without this. Default 0: with each read. */
  readonly usageRefreshMs?: number;
  /** After its end the figure goes on moving for so long, then rests at the true cost. Default 12,000. */
  readonly settlesInMs?: number;
  /** It does so in so many equal steps, the last one at the end of that time, and stands still in between. Default: evenly. */
  readonly settlesInSteps?: number;
  /** From the instant on, live or ended, all that it had cost until then is told as so many times as much, and is. */
  readonly corrections?: readonly { readonly atMs: number; readonly factor: number }[];
  /**
   * `absent` or `null` alone: no figures of cost at all, as for somebody else's Actor. With more said: in which answers
   * `usageTotalUsd` is missing, how, and when. The first one that fits counts.
   */
  readonly costMissing?: "absent" | "null" | OneOrMore<CostMissing>;
  /** What answers say otherwise than Apify would, leave out, or keep. */
  readonly fields?: OneOrMore<FieldChange>;
  /** After a resurrection, the end of the life before stays in `finishedAt`. */
  readonly keepsFinishedAt?: true;
  /** Its instants are told as `2026-05-01T08:00:00.123456+00:00`. */
  readonly timestamps?: "microseconds";
  /** A status that nobody knows, told for a time; lists that are asked for others leave the run out. */
  readonly shownAs?: OneOrMore<ShownAs>;
  /** Answers that lag behind it, or that stand still for a time. */
  readonly stale?: OneOrMore<Stale>;
  /** How it ends if left alone, from when it is RUNNING. Default: never. */
  readonly ends?: { readonly afterMs: number; readonly status: "SUCCEEDED" | "FAILED" };
  /** Apify's own timeout, from when it is RUNNING; 0 is none, as documented. Default 0. */
  readonly timeoutSecs?: number;
  /** The tag or number of the build that was asked for. Default `latest`. */
  readonly build?: string;
  /** The cap on what a pay-per-event run may charge. Beyond it the run goes on, is counted, and costs nothing more. Default: none. */
  readonly maxTotalChargeUsd?: number;
  /** Its detail tells what each accounted event comes to, as `eventUsage`. */
  readonly tellsEventUsage?: true;
  /** Default 1,024. */
  readonly memoryMbytes?: number;
  /** Received bytes per second of running. Default 50,000. */
  readonly rxBytesPerSec?: number;
  /**
   * From when it is RUNNING: after so long it has nothing left to do. CPU near 0, keep-alive traffic, no outputs, and
   * the container is paid for all the same. Default: never.
   */
  readonly idleAfterMs?: number;
  /** `stats.restartCount` grows by one each so many ms of running. Default: no restarts. */
  readonly restartsEveryMs?: number;
  /** When it has been resurrected, from its start, ascending; all before now. The life before had FAILED by then. */
  readonly resurrectedAfterMs?: readonly number[];
  /** What it turns into (`owner/name`), from which instant on. What it charges stays as it was. */
  readonly metamorphs?: readonly { readonly atMs: number; readonly into: string }[];
  /** Somebody resurrects it so long after each end, at most so many times. Default: again and again. */
  readonly resurrected?: { readonly afterMs: number; readonly times?: number };
  /**
   * Somebody starts another run like it so long after it has ended badly, and again after that one, at most so many times.
   * Default: again and again, on FAILED, ABORTED and TIMED-OUT.
   */
  readonly retried?: {
    readonly afterMs: number;
    readonly times?: number;
    readonly on?: readonly ("SUCCEEDED" | "FAILED" | "ABORTED" | "TIMED-OUT")[];
  };
  /** Default: drains for 3 s. */
  readonly onAbort?: AbortBehaviour;
  /** RESTRICTED hides the run from reads without a token. Default FOLLOW_USER_SETTING. */
  readonly generalAccess?: "FOLLOW_USER_SETTING" | "RESTRICTED";
  /** The id in `meta.scheduleId`, for origin SCHEDULER. */
  readonly scheduleId?: string;
};

/** The label of one of the runs that a script starts again and again: `dear#2`. */
export const labelled = (label: string | undefined, count: number): { readonly label?: string } =>
  label === undefined ? {} : { label: `${label}#${count}` };
