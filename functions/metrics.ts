/**
 * What the watchdog function emits in a tick that has a reason to call for a person, and never otherwise. By account and by the
 * function's name, which no other deployment in the region has, whatever it calls its account.
 */
export const ATTENTION_METRIC = {
  namespace: "ApifyRunWatchdog",
  name: "NeedsAttention",
  dimension: "account",
  emitter: "function",
} as const;

/**
 * What the watchdog function emits at the end of each tick: 1 where the tick was complete, as its report says, else 0. By
 * account and function. A tick that is cut off emits 0 just before, or nothing.
 */
export const COMPLETE_METRIC = {
  namespace: "ApifyRunWatchdog",
  name: "CompleteTicks",
  dimension: "account",
  emitter: "function",
} as const;

/** What the notifier emits for each entry of the audit that somebody changed or removed, and never otherwise. By account and function. */
export const TAMPERING_METRIC = {
  namespace: "ApifyRunWatchdog",
  name: "AuditTampered",
  dimension: "account",
  emitter: "function",
} as const;
