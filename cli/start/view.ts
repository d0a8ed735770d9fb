import type { Policy } from "../../src/policy/index.ts";
import type { BudgetsView } from "../../src/watchdog/explain/budget-view.ts";
import type { RunView } from "../../src/watchdog/explain/query.ts";
import type { Control } from "../../src/watchdog/model/control.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import type { Total } from "../lines/tally.ts";

/** How things stand after a tick. */
export type Moment = Total & {
  readonly now: Date;
  readonly runs: readonly RunView[];
  readonly budgets: BudgetsView;
  readonly nameOf: (actorId: string) => string;
  readonly report: TickReport;
  readonly control: Control;
  readonly policy: Policy | undefined;
  /** An account of one's own: nothing is ever stopped there. */
  readonly isReadOnly: boolean;
  /** When the account is looked at again, where that takes its time. */
  readonly nextAt?: Date;
  readonly ticks: number;
};

/** What a sitting of `npm start` looks like: a plain log, or a live view. */
export interface View {
  /** A line that stays. */
  say(line: string): void;
  /** Something was written in the audit. */
  entry(entry: Entry, name: string): void;
  moment(moment: Moment): void;
  /** Nothing moves any more; `say` still works. */
  end(): void;
}

/** For `--json`: the report alone is printed, by others. */
export const silentView: View = {
  say: () => undefined,
  entry: () => undefined,
  moment: () => undefined,
  end: () => undefined,
};
