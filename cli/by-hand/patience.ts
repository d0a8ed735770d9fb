/** For how long it is watched that the abort takes; the watchdog's ticks go on with it in any case. */
export const WATCH_MS = 60_000;
export const LOOK_MS = 3_000;
export const GRACE =
  "Apify is asked to end it gracefully, and gives it 30 s; what it has stored stays, and undo can bring it back.";
export const GRACE_OF_EACH =
  "Apify is asked to end each gracefully, and gives each 30 s; what they have stored stays, and undo can bring each back.";
