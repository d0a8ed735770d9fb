import { nearest } from "../../policy/index.ts";
import type { ReadPorts } from "../model/ports.ts";

/** The run that was probably meant, of those that are live, were just seen or were stopped in the last hour. */
export async function nearestRun(
  { state }: Pick<ReadPorts, "state">,
  id: string,
): Promise<string | undefined> {
  const { runs } = await state.readLive();
  const { recentIntents } = await state.readControl();
  const ids = new Set([...runs.keys(), ...recentIntents.map(({ runId }) => runId)]);
  return ids.has(id) ? undefined : nearest(id, [...ids]);
}
