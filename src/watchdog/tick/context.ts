import type { MicroUsd } from "../../policy/index.ts";
import type { AwaitedNotes } from "../ledger/awaited.ts";
import type { TickLedger } from "../ledger/tick-ledger.ts";
import type { Amiss, Blind, Renamed, Selecting } from "../model/live.ts";
import type { BudgetNotes, InForce, Noting, Observed, Timed, Writing } from "../model/pass.ts";
import type { Ports } from "../model/ports.ts";
import type { InForceNames } from "../observe/looking.ts";
import type { Performing } from "../stop/pursuing.ts";
import type { TakingUp } from "../stop/take-up.ts";

/** Up to when each run was judged, and at which spend each budget: what was reached since is yet to be acted on. */
export type Judged = {
  readonly runs: Map<string, Date>;
  readonly spent: Map<string, MicroUsd>;
  /** Budgets that lacked a figure when all were judged. */
  blind: readonly Blind[];
};

/**
 * One pass, and what it has gathered so far. Made anew for each tick; nothing of it outlives one. Only the tick knows the
 * whole of it: what it calls takes the parts that it uses.
 */
export type Context = Timed &
  Noting &
  Observed &
  Writing &
  InForce &
  Pick<Performing, "observed" | "observeOnly" | "toExplain"> & {
    readonly ports: Ports;
    /** Does this deployment agree to have schedules disabled? */
    readonly allowHolds: boolean;
    readonly ledger: TickLedger;
    readonly awaited: AwaitedNotes;
    readonly budgets: BudgetNotes;
    readonly judged: Judged;
    /** What calls for a person, or will if it lasts, as far as this pass has come. */
    readonly amiss: {
      kept: Readonly<Record<string, Amiss>>;
      renamed: readonly Renamed[];
      selecting?: Selecting | undefined;
    };
    readonly takenUp: TakingUp["takenUp"];
    /** Of the policy that was last found to be in force. */
    readonly inForce: InForceNames;
  };
