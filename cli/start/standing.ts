import { viewBudgets } from "../../src/watchdog/explain/budget-view.ts";
import { viewRuns } from "../../src/watchdog/explain/query.ts";
import { storedLedger } from "../../src/watchdog/ledger/stored-ledger.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { storedKnown } from "../../src/watchdog/observe/known.ts";
import { lookForPolicy } from "../../src/watchdog/policies/policy-in-force.ts";
import { actorsOf } from "../lines/budget-lines.ts";
import { learnNames } from "../target/learn-names.ts";
import type { Moment } from "./view.ts";

type Stands = Pick<Moment, "now" | "runs" | "budgets" | "control" | "policy" | "nameOf"> & {
  /** All that is remembered, what has ended included. */
  readonly remembered: readonly LiveRun[];
};

/** Reads from the tables how the live runs stand to the policy in force. */
export class Standing {
  readonly #ports: Ports;
  readonly #signal: AbortSignal;
  readonly #names = new Map<string, string>();
  /** Read once per version: somebody may push another one meanwhile. */
  #inForce: Awaited<ReturnType<typeof lookForPolicy>>["inForce"];

  constructor(ports: Ports, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
  }

  readonly nameOf = (actorId: string): string => this.#names.get(actorId) ?? actorId;

  async read(now: Date): Promise<Stands> {
    const { state } = this.#ports;
    const index = await state.readLive();
    const remembered = [...index.runs.values()];
    const runs = remembered.map(({ run }) => run);
    const control = await state.readControl();
    if (this.#inForce?.version !== control.policyVersion) {
      this.#inForce = (await lookForPolicy(this.#ports, control)).inForce;
    }
    const policy = this.#inForce?.policy;
    const known = await storedKnown(state, policy, runs);
    const ledger = await storedLedger(state, policy, index, now);
    const budgets = viewBudgets(policy, ledger, now);
    const actorIds = [...runs.map(({ actorId }) => actorId), ...actorsOf(budgets)];
    await learnNames(this.#ports, actorIds, this.#names, this.#signal);
    return {
      now,
      runs: viewRuns(policy, remembered, control, ({ run }) => known(run), now, ledger),
      budgets,
      control,
      policy,
      nameOf: this.nameOf,
      remembered,
    };
  }
}
