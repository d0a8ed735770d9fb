import type { RecentIntent } from "../../policy/index.ts";
import type { OpenIntent } from "../model/control.ts";
import type { BudgetNotes, InForce, Timed, Writing } from "../model/pass.ts";
import type { ApifyAbort, ApifyTime } from "../model/ports.ts";
import type { Looking } from "../observe/looking.ts";

/**
 * What stopping takes, step by step. None of it reaches the ledger's cells or the live index: there is no port to them
 * here.
 */

/** Writes entries about intents, with the control state that they change, dated by Apify's clock. Calls nothing. */
export type Promising = Timed & Writing & { readonly ports: { readonly apify: ApifyTime } };

/** Intents whose first call Apify has taken in this pass, and that were not explained on their runs yet. */
export type Explaining = { readonly toExplain: OpenIntent[] };

/** Takes an intent as far as it goes: looks at its run, judges it again, and may abort. */
export type Pursuing = Promising &
  Looking &
  InForce &
  Explaining & {
    readonly ports: { readonly apify: ApifyAbort };
    /** No call may leave this pass, whatever policy and open intents say. */
    readonly observeOnly: boolean;
  };

/** Does what was decided. */
export type Performing = Pursuing & {
  /** The stops that this pass only observed. */
  readonly observed: RecentIntent[];
  readonly budgets: BudgetNotes;
};
