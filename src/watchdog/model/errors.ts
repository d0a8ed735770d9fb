import { formatDuration } from "../../policy/index.ts";

/** What Apify's API answered, or that it did not. `path` never holds a query string, so never a token. */
export class ApifyError extends Error {
  override name = "ApifyError" as const;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Apify's `error.type`, such as `record-not-found`; `no-answer`, `malformed-answer`, `redirected` are ours. */
  readonly type: string;
  /** May the same request succeed later? */
  readonly retryable: boolean;
  /** Requests sent for it; 0 when it never came to one, so that it can have had no effect. */
  readonly attempt: number;
  readonly path: string;
  /** Was the account's own list of runs asked for? No right is smaller than that one. */
  readonly ofRunList: boolean;

  constructor(
    message: string,
    facts: {
      status: number;
      type: string;
      retryable: boolean;
      attempt: number;
      path: string;
      ofRunList?: boolean;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = facts.status;
    this.type = facts.type;
    this.retryable = facts.retryable;
    this.attempt = facts.attempt;
    this.path = facts.path;
    this.ofRunList = facts.ofRunList ?? false;
  }

  /**
   * The token is refused (401), or may not even list the account's runs: nothing else will work on it either. Every
   * other error is of the one resource that was asked for, and everything else goes on.
   */
  get isOfToken(): boolean {
    return this.#isSaidByApify && (this.status === 401 || (this.ofRunList && this.isNotPermitted));
  }

  /** Apify knows the token and does not let it do this one thing (403). It may be allowed others. */
  get isNotPermitted(): boolean {
    return this.#isSaidByApify && this.status === 403 && !this.isLimitReached;
  }

  /** A limit of the account is reached, such as its monthly usage: more rights for the token would change nothing. */
  get isLimitReached(): boolean {
    return this.#isSaidByApify && this.status === 403 && this.type === "platform-feature-disabled";
  }

  /** A proxy's page says nothing of the token or a resource, whatever its status. */
  get #isSaidByApify(): boolean {
    return this.type !== "malformed-answer";
  }
}

/** Somebody else wrote first. Read again and decide again; nothing was written. */
export class ConflictError extends Error {
  override name = "ConflictError" as const;
}

/** The set-up can't work until a person changes it. The message says what to change. */
export class ConfigError extends Error {
  override name = "ConfigError" as const;
}

/** The document of a policy version that was pushed only just now is not there (yet): no policy can be used until it is. */
export class AbsentPolicyError extends ConfigError {
  readonly version: number;

  constructor(version: number, standsInAfter: string) {
    super(
      `policy version ${version} is not in the store yet: nothing is stopped until it is there or, ${standsInAfter} ` +
        "after its push, an earlier version stands in",
    );
    this.version = version;
  }
}

/** The token is not of the user that this watchdog guards, or whose it is can't be found out: it is used for nothing. */
export class TokenError extends ConfigError {}

/**
 * This machine's clock and Apify's differ by more than 30 s, so nothing of the answer that showed it is judged or
 * remembered: a run's age, and with it whether it is over a limit, would be wrong by as much.
 */
export class ClockError extends ConfigError {
  /** How far this machine's clock is ahead of Apify's, to a second; below 0 where it is behind. */
  readonly aheadMs: number;

  constructor(message: string, aheadMs: number) {
    super(message);
    this.aheadMs = aheadMs;
  }

  /** An answer of Apify's was made at another time than it was here. */
  static ofAnswer(answer: { aheadMs: number; date: Date; ours: Date; what: string }): ClockError {
    const { aheadMs, date, ours, what } = answer;
    const by = `${formatDuration(Math.abs(aheadMs) / 1_000)} ${aheadMs > 0 ? "ahead of" : "behind"}`;
    return new ClockError(
      `this machine's clock is ${by} Apify's: Apify answered ${what} at ${date.toUTCString()}, when the clock here read ` +
        `${ours.toUTCString()}. Nothing is stopped by a clock that differs by more than 30 s. Set this machine's clock, ` +
        "and let it be synchronized (NTP); if the clock here is right, something on the way to Apify answers with an old date.",
      aheadMs,
    );
  }

  /** The clock on the wall has gone further than the monotonic one since Apify answered last, or less far. */
  static ofSetClock(aheadMs: number): ClockError {
    const by = `${formatDuration(Math.abs(aheadMs) / 1_000)} ${aheadMs > 0 ? "ahead" : "back"}`;
    return new ClockError(
      `this machine's clock went ${by} since Apify answered last: it was set, or the machine was asleep. Nothing is ` +
        "written down by it until Apify's next answer shows whether it is right: the next tick goes on.",
      aheadMs,
    );
  }
}

/** Is it a failure of this whole process, the token or the clock, and not of the one thing that it was about? */
export const isOfProcess = (error: unknown): error is ApifyError | TokenError | ClockError =>
  error instanceof ClockError ||
  error instanceof TokenError ||
  (error instanceof ApifyError && error.isOfToken);
