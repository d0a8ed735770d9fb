import { isPaused } from "../../src/policy/index.ts";
import { queryRuns } from "../../src/watchdog/explain/query.ts";
import { viewOf } from "../../src/watchdog/model/control.ts";
import type { Heartbeat, Live } from "../../src/watchdog/model/live.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { toldPause } from "../../src/watchdog/policies/operate.ts";
import { type Command, NOT_ALL_KNOWN } from "../command.ts";
import { actorsOf, budgetTexts } from "../lines/budget-lines.ts";
import { liveLines, runJson, runsCsv } from "../lines/runs/live-runs.ts";
import { showPast } from "../lines/runs/show-past.ts";
import { UsageError } from "../options/usage-error.ts";
import { wrap, wrapped } from "../show/terminal.ts";
import { endOfPause, fromNow } from "../show/when.ts";
import { count } from "../show/words.ts";
import { actorNames } from "../target/names.ts";
import { onlyOf } from "../target/only-of.ts";

const UNSEEN =
  "No tick has seen the whole account yet: which runs are live is not known. Why: watchdog status";
const MAY_LACK =
  "The last tick did not see every run: some may be missing here, or be over. Why: watchdog status";

/** Did the last tick see every live run, and write all of it down? */
const sawAll = ({ completeAt }: Live, { startedAt }: Heartbeat): boolean =>
  completeAt !== undefined && completeAt >= startedAt;

export const runs: Command = {
  name: "runs",
  about: "The live runs, and how near each is to its limits; with --past, those that have ended",
  pages: true,
  options: {
    past: { about: "Recorded runs that have ended, the latest first; reads every run that is recorded" },
    since: {
      value: "WHEN",
      about: "With --past: from a day, or for so long as 24h (default: the last 7 days)",
    },
    until: { value: "WHEN", about: "With --past: up to the beginning of a day, or to so long ago" },
    actor: { value: "NAME", about: "Of this Actor alone, by its name or id" },
    limit: { value: "N", about: "With --past: the latest N; 0 for all (default: 50)" },
    csv: { about: "Print comma-separated values alone" },
  },
  examples: [
    ["runs", "the nearest to a limit first, as the last tick saw them"],
    ["runs --actor acme/shop", "of one Actor alone"],
    ["runs --json", "the same for a program, with every rule's share"],
    ["runs --past --since 24h", "what ended in the last day, and what it cost"],
    ['runs --past --since "last week" --until "this week" --limit 0 --csv', "last week, for a spreadsheet"],
  ],
  async run(invocation) {
    const { args, terminal, paint, connect, signal, answer, pasteable } = invocation;
    if (args.flag("past")) return showPast(invocation);
    const only = ["since", "until", "limit"].find((name) => args.text(name) !== undefined);
    if (only) throw new UsageError(`--${only} goes with --past alone.`);
    const connection = await connect();
    const view = await queryRuns(connection.ports);
    const nameOf = await actorNames(
      connection,
      [...view.runs.map(({ live }) => live.run.actorId), ...actorsOf(view.budgets)],
      signal,
    );
    const { control, heartbeat, index } = view;
    const now = connection.ports.clock.now();
    const found = await onlyOf(args.text("actor"), connection, {
      all: view.runs,
      actorIdOf: ({ live }) => live.run.actorId,
      nameOf,
      what: "live run",
      signal,
    });
    // One whose time is up is without effect, whether or not a tick has written that down yet.
    const pause = isPaused(viewOf(control), now) ? control.pause : undefined;
    const asOf = heartbeat?.finishedAt;
    // Before a tick has seen the whole account, no run that is known is no sign that there is none.
    const code = index.completeAt === undefined ? NOT_ALL_KNOWN : 0;
    if (args.flag("json")) {
      const all = found.map((each) => runJson(each, nameOf));
      const paused = pause ? toldPause(pause) : null;
      const seen = { asOf: asOf?.toISOString() ?? null, completeAt: index.completeAt?.toISOString() ?? null };
      answer({ ...seen, paused, budgets: view.budgets, runs: all });
      return code;
    }
    if (args.flag("csv")) {
      terminal.data(runsCsv(found, nameOf));
      if (code !== 0) terminal.err(UNSEEN);
      return code;
    }
    if (asOf === undefined) {
      terminal.out("No tick has looked yet: nothing is known of any run.");
      return code;
    }
    if (pause)
      terminal.out(
        paint("yellow", `Paused by ${pause.by}, ${endOfPause(pause.until, now)}: ${pause.reason}`),
      );
    if (view.policy === undefined) terminal.out(paint("yellow", "No policy was pushed: nothing is stopped."));
    if (code !== 0)
      terminal.out(wrapped(pasteable(UNSEEN), terminal.columns, (line) => paint("yellow", line)));
    else if (heartbeat && !sawAll(index, heartbeat))
      terminal.out(wrapped(pasteable(MAY_LACK), terminal.columns, (line) => paint("yellow", line)));
    const live = code !== 0 && found.length === 0 ? "Live runs: not known" : count(found.length, "live run");
    terminal.out(paint("dim", `${live}, as seen ${minuteOf(asOf)} UTC (${fromNow(asOf, now)})`));
    const wide = { columns: terminal.columns, paint };
    for (const text of budgetTexts(view.budgets, nameOf))
      terminal.out(wrap(`budget  ${text}`, terminal.columns));
    if (found.length > 0) for (const line of liveLines(found, nameOf, wide)) terminal.out(line);
    return code;
  },
};
