import { guardWords } from "../../src/watchdog/audit/describe.ts";
import type { RunView } from "../../src/watchdog/explain/query.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";

/** What sets a run apart from one that is simply watched. */
export type RunMark = {
  /** One or two words: `held`. */
  readonly word: string;
  /** The same with its reason: `held: the watchdog is paused`. */
  readonly text: string;
};

const of = (word: string, text = word): RunMark => ({ word, text });

/** What a person must know of a run besides its figures; `undefined`: it is watched, and below its limits. */
export function markOf(view: RunView, decisions: TickReport["decisions"]): RunMark | undefined {
  const { live, intent, held, shares, noLimit } = view;
  const { id, status, origin } = live.run;
  if (intent) return of("stopping");
  if (held === "pause") return of("PAUSED", `PAUSED: ${guardWords(held)}`);
  if (held !== undefined && held !== "exemption") return of("held", `held: ${guardWords(held)}`);
  if (shares.some(({ exempt }) => exempt))
    // In few columns the share stands beside it, and must not be cut.
    return shares.every(({ exempt }) => exempt) ? of("exempt") : of("part exempt", "partly exempt");
  const isOver = decisions.some(({ runId, action }) => runId === id && /^abort/.test(action));
  if (isOver) return of("would stop");
  if (status === "READY") return of("queued");
  if (noLimit !== undefined) return of(origin === "STANDBY" ? "no Standby rule" : "no limit", noLimit);
  return status === "RUNNING" ? undefined : of(status.toLowerCase());
}
