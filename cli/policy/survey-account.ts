import { type Policy, parsePolicy } from "../../src/policy/index.ts";
import { type Survey, surveyPolicy } from "../../src/watchdog/explain/survey.ts";
import { errorText } from "../../src/watchdog/model/pass.ts";
import { observe } from "../../src/watchdog/observe/observe.ts";
import { openPass } from "../../src/watchdog/tick/open.ts";
import type { Invocation } from "../command.ts";
import { quiet } from "../target/local-ports.ts";
import { trialPorts } from "./scan-ports.ts";

/** The longest that Apify is asked. */
const PATIENCE_MS = 20_000;

/** A policy counted against the account that APIFY_TOKEN opens; or why that failed. `undefined`: there is no token. */
export async function surveyAccount(
  invocation: Invocation,
  document: unknown,
): Promise<Survey | { readonly why: string } | undefined> {
  const { env, signal, terminal } = invocation;
  if (!env.APIFY_TOKEN) return undefined;
  const policy: Policy = parsePolicy(document);
  terminal.progress("counting what the rules select");
  try {
    const ports = { ...(await trialPorts(invocation, document)), log: quiet };
    const endsBy = new Date(ports.clock.now().getTime() + PATIENCE_MS);
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const { base, pass } = await openPass(ports, { signal: patience, endsBy });
    await observe(pass, policy, base.cursor);
    return await surveyPolicy(pass, policy);
  } catch (error) {
    return { why: `not counted against the account: ${errorText(error)}` };
  } finally {
    terminal.progress(undefined);
  }
}
