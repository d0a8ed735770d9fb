import type { Policy } from "../../src/policy/index.ts";
import { type Promotion, promotionOf } from "../../src/watchdog/learn/promotion/promotion.ts";
import type { ReadPolicy } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Connection, Invocation } from "../command.ts";

/** The longest that the audit is read before a push. */
const PATIENCE_MS = 20_000;

/** What observing has shown of the rules that a policy makes stop runs; `undefined` where it makes none. */
export async function readPromotion(
  { terminal }: Pick<Invocation, "terminal">,
  { ports }: Pick<Connection, "ports">,
  inForce: ReadPolicy | undefined,
  after: Policy,
): Promise<Promotion | undefined> {
  terminal.progress("reading what observing has shown");
  const endsBy = new Date(ports.clock.now().getTime() + PATIENCE_MS);
  const promotion = await promotionOf(ports, inForce, after, endsBy);
  terminal.progress(undefined);
  return promotion;
}
