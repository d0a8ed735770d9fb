/** What Apify's API answered, or that it did not. `path` never holds a query string, so never a token. */
export class ApifyError extends Error {
  override name = "ApifyError" as const;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Apify's `error.type`, such as `record-not-found`; `no-answer`, `malformed-answer`, `redirected` are ours. */
  readonly type: string;
  /** May the same request succeed later? */
  readonly retryable: boolean;
  readonly attempt: number;
  readonly path: string;

  constructor(
    message: string,
    facts: { status: number; type: string; retryable: boolean; attempt: number; path: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = facts.status;
    this.type = facts.type;
    this.retryable = facts.retryable;
    this.attempt = facts.attempt;
    this.path = facts.path;
  }

  /**
   * The token is wrong or may not do this: nothing else will work in this tick either. A proxy's page with the same
   * status (`malformed-answer`) says nothing about the token.
   */
  get isAuthorisation(): boolean {
    return (this.status === 401 || this.status === 403) && this.type !== "malformed-answer";
  }

  /** Apify knows the token and does not let it do this; something else it may. */
  get isForbidden(): boolean {
    return this.status === 403 && this.isAuthorisation;
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
