import { DAY_MS } from "../../policy/index.ts";
import { stateOf } from "../model/control.ts";
import { checkGiven } from "../model/given.ts";
import type { OperatorPorts } from "../model/ports.ts";
import { withAcknowledged } from "./acknowledged.ts";
import { type Operator, operate } from "./operate.ts";

export const MOST_ACKNOWLEDGED_MS = 30 * DAY_MS;

/** Says that a person has seen an attention: it calls for no one until then. Throws `ConfigError` on a reason that can't be kept. */
export async function acknowledge(
  ports: OperatorPorts,
  {
    id,
    by,
    reason,
    until,
  }: { readonly id: string; readonly by: Operator; readonly reason: string; readonly until: Date },
): Promise<void> {
  checkGiven({ by, reason, id });
  await operate(ports, (control) => {
    const at = ports.clock.now();
    const change = { attention: id, until: until.toISOString(), reason };
    const next = withAcknowledged(stateOf(control), { id, by, reason, at, until }, at);
    return { next, entry: { kind: "attention.acknowledged", by, change } };
  });
}
