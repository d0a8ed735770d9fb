import { makeCheckpoint } from "../audit/make-checkpoint.ts";
import { alert } from "../model/pass.ts";
import { type Tick, WITHOUT_TOKEN } from "./phases.ts";

/** What calls for a person while none can be made. */
const OVERDUE = "checkpoint:";

/** Says again what the last try left, so that the heartbeat has it, too. */
export function noteOverdue({ pass }: Pick<Tick, "pass">): void {
  const { overdue } = pass.ports.memory.checkpoint ?? {};
  if (overdue !== undefined) alert(pass, OVERDUE, overdue);
}

/** Last, when all that stops anything is done; where no time is left for it, the next tick does it. */
export async function checkpoint({ pass, phases }: Pick<Tick, "pass" | "phases">): Promise<void> {
  const { attention, ports, signal, tick } = pass;
  if (signal.aborted) return;
  const made = await phases.run("making a checkpoint", () => makeCheckpoint(ports, tick.id), WITHOUT_TOKEN);
  if (made === undefined) return;
  attention.delete(OVERDUE);
  noteOverdue({ pass });
}
