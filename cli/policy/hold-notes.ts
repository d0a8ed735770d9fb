import { holdersIn, parsePolicy } from "../../src/policy/index.ts";
import { letGoBy } from "../../src/watchdog/hold/let-go-by.ts";
import type { Connection } from "../command.ts";

/** Schedules that it lets go of, which start runs again. */
export async function letGoOf({ ports }: Connection, document: unknown): Promise<readonly string[]> {
  const control = await ports.state.readControl();
  return letGoBy(control, parsePolicy(document), ports.clock.now()).map((each) => `It lets go of ${each}.`);
}

/** What it takes to hold schedules, where it does: nothing can be asked that would tell whether it is there. */
export const holdsSome = (document: unknown): readonly string[] =>
  holdersIn(parsePolicy(document)).length > 0
    ? [
        "It holds schedules: the deployment needs allowHolds, and a scoped token Write on them, and Run on each Actor that they start. " +
          "Whether it has these only a hold can show.",
      ]
    : [];
