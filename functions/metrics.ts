/** A metric of ours: its two dimensions are the account, and the function that emits it. */
export type Counted = {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: string;
  readonly emitter: string;
};

const OURS = { namespace: "ApifyRunWatchdog", dimension: "account", emitter: "function" } as const;

/**
 * What the watchdog function emits in a tick that has a reason to call for a person, and never otherwise. By account and by the
 * function's name, which no other deployment in the region has, whatever it calls its account.
 */
export const ATTENTION_METRIC = { ...OURS, name: "NeedsAttention" } as const satisfies Counted;

/**
 * What the watchdog function emits at the end of each tick: 1 where the tick was complete, as its report says, else 0. By
 * account and function. A tick that is cut off emits 0 just before, or nothing.
 */
export const COMPLETE_METRIC = { ...OURS, name: "CompleteTicks" } as const satisfies Counted;

/** What the notifier emits for each entry of the audit that somebody changed or removed, and never otherwise. By account and function. */
export const TAMPERING_METRIC = { ...OURS, name: "AuditTampered" } as const satisfies Counted;
