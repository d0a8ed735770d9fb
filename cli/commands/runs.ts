import { formatDuration, formatUsd, isPaused, type Pause } from "../../src/policy/index.ts";
import { formatMeasure } from "../../src/watchdog/audit/describe.ts";
import { queryRuns, type RunView, type Share } from "../../src/watchdog/explain/query.ts";
import { viewOf } from "../../src/watchdog/model/control.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { toldPause } from "../../src/watchdog/policies/operate.ts";
import type { Command } from "../command.ts";
import { actorsOf, budgetTexts } from "../lines/budget-lines.ts";
import { showPast } from "../lines/show-past.ts";
import { UsageError } from "../options/usage-error.ts";
import { percent } from "../show/bar.ts";
import { csv } from "../show/csv.ts";
import { type Column, table } from "../show/table.ts";
import { wrap, wrapped } from "../show/terminal.ts";
import { fromNow } from "../show/when.ts";
import { count, paintShare } from "../show/words.ts";
import { actorNames } from "../target/names.ts";

const shareText = (share: Share): string =>
  `${percent(share.share)} of ${formatMeasure(share.unit, share.limit)}`;

const of = (metric: string) => (view: RunView) => view.shares.find((share) => share.metric === metric);

/** The nearest limit of one kind: `62% of $5.00`. */
const shareColumn = (
  find: (view: RunView) => Share | undefined,
  text: (share: Share) => string,
): Column<RunView> => ({
  title: "LIMIT",
  align: "right",
  cell: (view) => {
    const share = find(view);
    return share ? text(share) : "";
  },
  paint: (text, view, paint) => paintShare(text, find(view)?.share ?? 0, paint),
});

/** Of all its rules, or of some. */
function exemptIn({ shares }: RunView): string {
  if (!shares.some(({ exempt }) => exempt)) return "";
  return shares.every(({ exempt }) => exempt) ? ", exempt" : ", partly exempt";
}

const columns = (
  nameOf: (id: string) => string,
  text: (share: Share) => string,
): readonly Column<RunView>[] => [
  { title: "RUN", cell: ({ live }) => live.run.id },
  {
    title: "STATUS",
    cell: (view) => (view.intent ? "stopping" : `${view.live.run.status}${exemptIn(view)}`),
  },
  {
    title: "COST",
    align: "right",
    cell: ({ live: { run } }) =>
      run.usageTotalMicroUsd === undefined ? "unknown" : formatUsd(run.usageTotalMicroUsd),
  },
  shareColumn(of("usageTotalUsd"), text),
  {
    title: "TIME",
    align: "right",
    cell: ({ live: { run, life, observedAt } }) =>
      `${run.status === "READY" ? "queued " : ""}${formatDuration((observedAt.getTime() - life.since.getTime()) / 1000)}`,
  },
  // A run in the queue does not run yet: its time there is no share of runTime.
  shareColumn((view) => (view.live.run.status === "READY" ? undefined : of("runTime")(view)), text),
  {
    title: "OTHER LIMITS",
    cell: ({ shares }) =>
      shares
        .filter(({ metric }) => metric !== "usageTotalUsd" && metric !== "runTime")
        .map((share) => `${share.metric} ${shareText(share)}`)
        .join(", "),
    from: 130,
  },
  { title: "ACTOR", cell: ({ live }) => nameOf(live.run.actorId) },
];

const json = (view: RunView, nameOf: (id: string) => string) => {
  const { run, life, observedAt } = view.live;
  const { usageTotalMicroUsd: micro } = run;
  return {
    runId: run.id,
    actorId: run.actorId,
    actor: nameOf(run.actorId),
    status: run.status,
    origin: run.origin,
    startedAt: run.startedAt.toISOString(),
    life: life.number,
    observedAt: observedAt.toISOString(),
    usageTotalUsd: micro === undefined ? null : micro / 1_000_000,
    shares: view.shares,
    stopping: view.intent !== undefined,
  };
};

const endOf = ({ until }: Pause, now: Date): string =>
  until ? `until ${minuteOf(until)} UTC (${fromNow(until, now)})` : "until resumed";

export const runs: Command = {
  name: "runs",
  about: "The live runs, and how near each is to its limits; with --past, those that have ended",
  options: {
    past: { about: "Recorded runs that have ended, the latest first; reads every run that is recorded" },
    since: {
      value: "WHEN",
      about: "With --past: from a day, or for so long as 24h (default: the last 7 days)",
    },
    until: { value: "WHEN", about: "With --past: up to the beginning of a day, or to so long ago" },
    actor: { value: "NAME", about: "With --past: of this Actor alone, by its name or id" },
    limit: { value: "N", about: "With --past: the latest N; 0 for all (default: 50)" },
    csv: { about: "Print comma-separated values alone" },
  },
  examples: [
    ["runs", "the nearest to a limit first, as the last tick saw them"],
    ["runs --json", "the same for a program, with every rule's share"],
    ["runs --past --since 24h", "what ended in the last day, and what it cost"],
    ['runs --past --since "last week" --until "this week" --limit 0 --csv', "last week, for a spreadsheet"],
  ],
  async run({ args, terminal, paint, connect, signal, answer }) {
    if (args.flag("past")) return showPast({ args, terminal, paint, connect, signal });
    const only = ["since", "until", "actor", "limit"].find((name) => args.text(name) !== undefined);
    if (only) throw new UsageError(`--${only} goes with --past alone.`);
    const connection = await connect();
    const view = await queryRuns(connection.ports);
    const nameOf = await actorNames(
      connection,
      [...view.runs.map(({ live }) => live.run.actorId), ...actorsOf(view.budgets)],
      signal,
    );
    const { control, heartbeat } = view;
    const now = connection.ports.clock.now();
    // One whose time is up is without effect, whether or not a tick has written that down yet.
    const pause = isPaused(viewOf(control), now) ? control.pause : undefined;
    const asOf = heartbeat?.finishedAt;
    if (args.flag("json")) {
      const all = view.runs.map((each) => json(each, nameOf));
      const paused = pause ? toldPause(pause) : null;
      const told = { asOf: asOf?.toISOString() ?? null, paused, budgets: view.budgets, runs: all };
      answer(told);
      return 0;
    }
    if (args.flag("csv")) {
      const rows = view.runs.map((each) => json(each, nameOf));
      const titles = ["runId", "actorId", "actor", "status", "origin", "startedAt", "usageTotalUsd"] as const;
      terminal.data(
        csv(
          titles,
          rows.map((row) => titles.map((title) => row[title] ?? undefined)),
        ),
      );
      return 0;
    }
    if (asOf === undefined) {
      terminal.out("No tick has looked yet: nothing is known of any run.");
      return 0;
    }
    if (pause) terminal.out(paint("yellow", `Paused by ${pause.by}, ${endOf(pause, now)}: ${pause.reason}`));
    if (view.policy === undefined) terminal.out(paint("yellow", "No policy was pushed: nothing is stopped."));
    const live = count(view.runs.length, "live run");
    terminal.out(paint("dim", `${live}, as seen ${minuteOf(asOf)} UTC (${fromNow(asOf, now)})`));
    const wide = { columns: terminal.columns, paint };
    for (const text of budgetTexts(view.budgets, nameOf)) {
      const [line = "", ...more] = wrap(`budget  ${text}`, terminal.columns);
      for (const each of [line, ...more]) terminal.out(each);
    }
    if (view.runs.length === 0) return 0;
    const shown = columns(nameOf, terminal.columns < 100 ? ({ share }) => percent(share) : shareText);
    for (const line of table(view.runs, shown, wide)) terminal.out(line);
    const isUnnamed = view.runs.some(
      ({ live: { run }, shares }) => run.origin === "STANDBY" && shares.length === 0,
    );
    const note =
      "Without limits: Standby runs, which a rule must name with for: { origins: [STANDBY] }; what they cost counts in budgets.";
    if (isUnnamed) terminal.out(wrapped(note, terminal.columns, (line) => paint("dim", line)));
    return 0;
  },
};
