import { PolicyError } from "../src/policy/index.ts";
import type { Ports } from "../src/watchdog/model/ports.ts";
import { WEAKER_DEPLOYMENT } from "../src/watchdog/policies/acknowledged.ts";
import { adoptPolicy } from "../src/watchdog/policies/adopt.ts";
import { documentOf, enforcedOf, type WatchdogEnv } from "./contract.ts";

export const UNUSABLE = "the deployment's policy can't be used";

/** `weaker:` is the attention's id; which flag lets it through stands in it. */
const weakerText = ({
  inForce,
  lost,
}: {
  readonly inForce: number;
  readonly lost: readonly string[];
}): string =>
  `${WEAKER_DEPLOYMENT} the deployment's policy guards less than version ${inForce}, which stays in force: ${lost.join(", ")}; ` +
  `to put it in force deploy with -c allowWeaker=${inForce}, else deploy with what version ${inForce} has`;

/** Puts the deployment's policy in force, if it brings one. Returns what calls for a person where what was in force stays. */
export async function adoptDeployed(
  ports: Ports,
  { POLICY: deployed, ALLOW_WEAKER }: WatchdogEnv,
  told: Set<string>,
) {
  if (deployed === undefined) return undefined;
  try {
    const enforced = enforcedOf(deployed);
    const allowing = { allowWeaker: ALLOW_WEAKER, ...(enforced !== undefined && { enforced }) };
    const adoption = await adoptPolicy(ports, documentOf(deployed), allowing);
    if (adoption.kind === "weaker") return adoption.acknowledged ? undefined : weakerText(adoption);
    const message = "the deployment's policy is passed over, for another was pushed by hand";
    // Once is enough to be found: it is so at every tick until the deployment brings what is in force, or nothing.
    if (adoption.kind === "passed-over" && !told.has(message)) {
      told.add(message);
      ports.log.info(message, { inForce: adoption.inForce });
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    ports.log.warn(`${UNUSABLE}; what was in force stays`, { error: error.message });
    return `policy: ${UNUSABLE}; what was in force stays: ${error.message.replaceAll("\n", "; ")}`;
  }
}
