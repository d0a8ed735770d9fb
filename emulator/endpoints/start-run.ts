import type { Credit, Directory, Runs, Starter } from "../account/parts.ts";
import type { RunScript } from "../world/script.ts";
import type { Ask } from "./ask.ts";
import { amount } from "./parameters.ts";
import type { Reply } from "./reply.ts";
import { givenOptions } from "./resurrect-run.ts";
import { showRun } from "./show.ts";
import { wantedActor, wantedTask } from "./wanted.ts";

/** How a run behaves whose Actor brings no script: a minute of work that ends well. */
export const A_MINUTE: Omit<RunScript, "actor"> = { ends: { afterMs: 60_000, status: "SUCCEEDED" } };

/** `POST /v2/actors/{id}/runs` and `POST /v2/actor-tasks/{id}/runs`: 201 and the run. The input is not looked at. */
export function startRun(ask: Ask, known: Directory & Runs & Credit & Starter): Reply {
  amount(ask, "waitForFinish", "number");
  const task = ask.path.task === undefined ? undefined : wantedTask(ask, known);
  const actor = wantedActor(task ? { ...ask, path: { actor: task.actor.id } } : ask, known);
  const by = ask.user ? { user: ask.user.username.first } : {};
  const script = {
    ...(actor.script ?? A_MINUTE),
    actor: actor.name,
    ...(task ? { task: task.name } : {}),
    ...by,
  };
  const run = known.start(script, givenOptions(ask));
  return showRun(ask, known, run, { effect: "started", status: 201 });
}
