import { previewPolicy } from "../../src/watchdog/explain/plan-policy.ts";
import { resume } from "../../src/watchdog/policies/operate.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import { openPass } from "../../src/watchdog/tick/open.ts";
import type { Connection, Invocation } from "../command.ts";
import { affectedActors, previewLines } from "../lines/policy/policy-lines.ts";
import { quiet } from "../target/local-ports.ts";
import { actorNames } from "../target/names.ts";
import { copyOf } from "../target/twin.ts";
import { PATIENCE_MS } from "./change-policy.ts";

/** What the policy in force does about the live runs now, were there no pause, in words. Writes nothing. */
export async function previewResume(
  { signal, terminal }: Invocation,
  connection: Connection,
): Promise<readonly string[]> {
  const { ports, hasApify } = connection;
  const inForce = await policyInForce(ports, await ports.state.readControl());
  if (inForce === undefined) return ["No policy is in force, so nothing is stopped."];
  terminal.progress("looking at the live runs");
  const copy = { ...(await copyOf(ports)), log: quiet };
  await resume(copy, "a preview", "a preview");
  const endsBy = new Date(ports.clock.now().getTime() + PATIENCE_MS);
  const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]), endsBy };
  const open = hasApify ? () => openPass(copy, options) : undefined;
  const made = await previewPolicy(copy, inForce.document, { inForce }, open);
  terminal.progress(undefined);
  const nameOf = await actorNames(connection, affectedActors(made), signal);
  const look = { columns: terminal.columns, now: ports.clock.now(), nameOf };
  return previewLines(made, { ...look, paint: (_format, text) => text });
}
