import { formatDuration, toUsd } from "../../../src/policy/index.ts";
import { formatMeasure, guardWords } from "../../../src/watchdog/audit/describe.ts";
import type { RunView, Share } from "../../../src/watchdog/explain/query.ts";
import { holderOf } from "../../../src/watchdog/hold/list-sources.ts";
import { type SourceHold, scheduleWords } from "../../../src/watchdog/model/holds/hold.ts";
import type { SpendPoint } from "../../../src/watchdog/model/ledger-store.ts";
import { minuteOf } from "../../../src/watchdog/model/minute.ts";
import { knownPoints } from "../../../src/watchdog/observe/curve/known-points.ts";
import { percent } from "../../show/bar.ts";
import { csv } from "../../show/csv.ts";
import { runLink } from "../../show/run-link.ts";
import { type Column, table } from "../../show/table.ts";
import { type Paint, type Terminal, wrapped } from "../../show/terminal.ts";
import { capital, count, paintShare, usdText } from "../../show/words.ts";

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

/** What keeps it from being stopped: of what it would be stopped for now, else of all its rules or of some. */
function markOf({ shares, held, noLimit }: RunView): string {
  if (noLimit !== undefined) return ", no limit";
  if (held === "pause") return ", PAUSED";
  if (held !== undefined && held !== "exemption") return ", held";
  if (!shares.some(({ exempt }) => exempt)) return "";
  return shares.every(({ exempt }) => exempt) ? ", exempt" : ", partly exempt";
}

const heldMark = ({ scheduleHold }: RunView): string => (scheduleHold ? ", schedule held" : "");

const columnsOf = (
  nameOf: (id: string) => string,
  text: (share: Share) => string,
): readonly Column<RunView>[] => [
  {
    title: "RUN",
    cell: ({ live }) => live.run.id,
    paint: (text, { live }, paint) => runLink(text, live.run.id, paint),
  },
  {
    title: "STATUS",
    cell: (view) => `${view.intent ? "stopping" : `${view.live.run.status}${markOf(view)}`}${heldMark(view)}`,
  },
  {
    title: "COST",
    align: "right",
    cell: ({ live: { run } }) => usdText(run.usageTotalMicroUsd),
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

type Look = Pick<Terminal, "columns"> & { readonly paint: Paint };

/** How many runs there are of each of these, the most leading; what is absent counts for none. */
function tally(texts: readonly (string | undefined)[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

/** What a row has no room for: why runs have no limit, and what holds back the stop of others. */
function* notes(runs: readonly RunView[]): Generator<string> {
  for (const [why, many] of tally(runs.map(({ noLimit }) => noLimit)))
    yield `No limit for ${count(many, "run")} (${why}).`;
  if (runs.some(({ live: { run }, noLimit }) => noLimit !== undefined && run.origin === "STANDBY"))
    yield "A rule must name Standby runs with for: { origins: [STANDBY] }; what they cost counts in budgets.";
  for (const [guard, many] of tally(runs.map(({ held }) => held)))
    yield `Not stopped although over a limit: ${count(many, "run")}, for ${guardWords(guard)}.`;
}

/** Until when the schedules that started them start no more. */
function* heldNotes(runs: readonly RunView[]): Generator<string> {
  for (const [words, many] of tally(
    runs.map(
      ({ scheduleHold: hold }) =>
        hold && `${scheduleWords(hold)} is held by ${holderOf(hold)} until ${minuteOf(hold.until)} UTC`,
    ),
  ))
    yield `${capital(words)}: it starts no run until then, and ${count(many, "live run")} of it may finish.`;
}

/** The live runs as a table, and what it can't say. */
export function* liveLines(
  runs: readonly RunView[],
  nameOf: (id: string) => string,
  look: Look,
): Generator<string> {
  const shown = columnsOf(nameOf, look.columns < 100 ? ({ share }) => percent(share) : shareText);
  yield* table(runs, shown, look);
  for (const note of [...notes(runs), ...heldNotes(runs)])
    yield* wrapped(note, look.columns, (line) => look.paint("dim", line));
}

/** Who holds a schedule and until when, for programs. */
export const heldTold = (hold: SourceHold | undefined) =>
  hold ? { by: holderOf(hold), until: hold.until.toISOString() } : null;

/** How a cost grew, for programs. */
export const curveTold = (points: readonly SpendPoint[]) =>
  points.map(({ at, microUsd }) => ({ at: at.toISOString(), usd: toUsd(microUsd) }));

/** A live run, for programs. */
export const runJson = (view: RunView, nameOf: (id: string) => string) => {
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
    usageTotalUsd: micro === undefined ? null : toUsd(micro),
    shares: view.shares,
    ...(view.nextStep && { nextStep: view.nextStep }),
    curve: curveTold(knownPoints(view.live)),
    stopping: view.intent !== undefined,
    unconfirmedAt: view.intent?.unconfirmedAt?.toISOString() ?? null,
    held: view.held ?? null,
    exempt: view.shares.some(({ exempt }) => exempt),
    noLimit: view.noLimit ?? null,
    scheduleHeld: heldTold(view.scheduleHold),
  };
};

const TITLES = [
  "runId",
  "actorId",
  "actor",
  "status",
  "origin",
  "startedAt",
  "usageTotalUsd",
  "stopping",
  "held",
  "exempt",
  "noLimit",
] as const;

/** The same for a spreadsheet. */
export const runsCsv = (runs: readonly RunView[], nameOf: (id: string) => string): string =>
  csv(
    [...TITLES, "scheduleHeldBy", "scheduleHeldUntil"],
    runs.map((view) => {
      const row = runJson(view, nameOf);
      const cells = TITLES.map((title) => {
        const value = row[title] ?? undefined;
        return typeof value === "boolean" ? String(value) : value;
      });
      return [...cells, row.scheduleHeld?.by, row.scheduleHeld?.until];
    }),
  );
