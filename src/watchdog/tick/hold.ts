import type { Decisions } from "../../policy/index.ts";
import { holdSources } from "../hold/hold-sources.ts";
import type { Tick } from "./phases.ts";
import type { InControl } from "./take-control.ts";

/** Holds schedules, and lets them go. After the stops: what runs costs money now. */
export async function holdAndLetGo(
  { pass, phases }: Tick,
  { inForce }: InControl,
  { holds }: Pick<Decisions, "holds">,
): Promise<void> {
  await phases.run("holding schedules", () =>
    holdSources(pass, phases.attempt, inForce, { decisions: holds }),
  );
}
