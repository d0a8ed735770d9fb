import { type Ask, amount, wantedActor, wantedTask } from "../ask.ts";
import { addRun } from "../platform.ts";
import type { Reply } from "../reply.ts";
import type { RunScript } from "../script.ts";
import { givenOptions } from "./resurrect-run.ts";
import { showRun } from "./show.ts";

/** How a run behaves whose Actor brings no script: a minute of work that ends well. */
const A_MINUTE: Omit<RunScript, "actor"> = { ends: { afterMs: 60_000, status: "SUCCEEDED" } };

/** `POST /v2/actors/{id}/runs` and `POST /v2/actor-tasks/{id}/runs`: 201 and the run. The input is not looked at. */
export function startRun(ask: Ask): Reply {
  amount(ask, "waitForFinish", "number");
  const task = ask.path.task === undefined ? undefined : wantedTask(ask);
  const actor = task ? wantedActor({ ...ask, path: { actor: task.actorId } }) : wantedActor(ask);
  const script = { ...(actor.script ?? A_MINUTE), actor: actor.name, ...(task ? { task: task.name } : {}) };
  const run = addRun(ask.platform, script, givenOptions(ask));
  return showRun(ask, run, { effect: "started", status: 201 });
}
