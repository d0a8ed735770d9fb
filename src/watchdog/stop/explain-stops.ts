import pLimit from "p-limit";
import type { Policy } from "../../policy/index.ts";
import { against } from "../audit/describe.ts";
import type { OpenIntent } from "../model/control.ts";
import { errorText, type Noting, type Timed } from "../model/pass.ts";
import type { ApifyNote } from "../model/ports.ts";
import { PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import type { Explaining } from "./pursuing.ts";

/** Apify names no limit; the Console shows a line. */
const MOST = 400;
/** At once. */
const CONCURRENCY = 5;

type Noted = Timed & Pick<Noting, "ports"> & Explaining & { readonly ports: { readonly apify: ApifyNote } };

/** Which rule stopped it, of which policy, by what, and how to take that back. */
export function whyStopped({ intentId, ruleId, policyVersion, evidence, order }: OpenIntent): string {
  const why = order
    ? `by hand, ${order.by}: ${order.reason}`
    : `by rule ${ruleId}, ${against(evidence)}, policy version ${policyVersion}`;
  const undo = `To take it back: watchdog undo ${intentId} --until 6h --reason "…"`;
  const room = MOST - undo.length - 2;
  const said = `Stopped by apify-run-watchdog ${why}`;
  return `${said.length > room ? `${said.slice(0, room - 1)}…` : said}. ${undo}`;
}

/**
 * Writes on the runs that were stopped why they were, where the policy asks for it. A courtesy: once, when all else is done,
 * for no longer than a few seconds; what fails is a line in the log.
 */
export async function explainStops(noted: Noted, policy: Policy | undefined): Promise<void> {
  const intents = noted.toExplain.splice(0);
  if (policy?.statusMessages !== true || intents.length === 0) return;
  const { apify, log } = noted.ports;
  const limit = pLimit(CONCURRENCY);
  const explain = async (intent: OpenIntent, signal: AbortSignal): Promise<void> => {
    try {
      if (!signal.aborted) await apify.setStatusMessage(intent.runId, whyStopped(intent), signal);
    } catch (error) {
      log.warn("writing on a run why it was stopped failed", {
        runId: intent.runId,
        error: errorText(error),
      });
    }
  };
  await withinBudget(noted, PATIENCE_MS, (signal) =>
    Promise.all(intents.map((intent) => limit(() => explain(intent, signal)))),
  );
}
