import { formatPath } from "../../src/policy/index.ts";
import { surveyPolicy } from "../../src/watchdog/explain/survey.ts";
import { type Check, failed, notKnown, passed } from "../../src/watchdog/health/checks/check.ts";
import { observe } from "../../src/watchdog/observe/observe.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import { openPass } from "../../src/watchdog/tick/open.ts";
import type { Connection } from "../command.ts";
import { quiet } from "../target/local-ports.ts";
import { copyOf } from "../target/twin.ts";

const ID = "rules";
const PATIENCE_MS = 20_000;

/** Do the names in the policy in force still select something at Apify? On a copy in memory, with an Apify that is only read. */
export async function checkRules({ ports }: Pick<Connection, "ports">, signal: AbortSignal): Promise<Check> {
  try {
    const policy = (await policyInForce(ports, await ports.state.readControl()))?.policy;
    if (policy === undefined) return notKnown(ID, "there is no policy", "watchdog policy push policy.yaml");
    const copy = { ...(await copyOf(ports)), log: quiet };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const endsBy = new Date(ports.clock.now().getTime() + PATIENCE_MS);
    const { base, pass } = await openPass(copy, { signal: patience, endsBy });
    await observe(pass, policy, base.cursor);
    const { selected, warnings, notes } = await surveyPolicy(pass, policy);
    const [first, ...more] = warnings.map(({ path, warning }) => `${formatPath(path)}: ${warning}`);
    if (first !== undefined)
      return failed(ID, [first, ...more].join("; "), "correct the names in the policy, then push it again");
    const [note] = notes;
    if (note !== undefined) return notKnown(ID, note, "use a token that may list Actors and tasks");
    const live = selected.map(({ ruleId, takes }) => `${ruleId} ${takes.runs ?? "unknown"}`).join(", ");
    return passed(ID, `the names in the policy select something; live runs by rule: ${live}`);
  } catch (error) {
    return notKnown(
      ID,
      `not counted against the account: ${error instanceof Error ? error.message : error}`,
      "see the check token",
    );
  }
}
