import { formatDuration, formatUsd, toUsd } from "../../../src/policy/index.ts";
import { minuteOf } from "../../../src/watchdog/model/minute.ts";
import type { RunItem } from "../../../src/watchdog/model/ports.ts";
import { csv } from "../../show/csv.ts";
import { runLink } from "../../show/run-link.ts";
import { type Column, table } from "../../show/table.ts";
import type { Paint, Terminal } from "../../show/terminal.ts";

type NameOf = (id: string | undefined) => string;

const endOf = ({ run, recordedAt }: RunItem): Date => run.finishedAt ?? recordedAt;
const tookSecs = (item: RunItem): number => (endOf(item).getTime() - item.run.startedAt.getTime()) / 1000;

const columns = (nameOf: NameOf): readonly Column<RunItem>[] => [
  { title: "ENDED (UTC)", cell: (item) => minuteOf(endOf(item)) },
  { title: "RUN", cell: ({ run }) => run.id, paint: (text, { run }, paint) => runLink(text, run.id, paint) },
  { title: "STATUS", cell: ({ run }) => run.status },
  { title: "TOOK", align: "right", cell: (item) => formatDuration(tookSecs(item)) },
  { title: "COST", align: "right", cell: ({ spent }) => (spent ? formatUsd(spent.microUsd) : "unknown") },
  { title: "ACTOR", cell: ({ run }) => nameOf(run.actorId) },
];

export const pastTable = (
  items: readonly RunItem[],
  nameOf: NameOf,
  look: Pick<Terminal, "columns"> & { readonly paint: Paint },
): readonly string[] => table(items, columns(nameOf), look);

const told = (item: RunItem, nameOf: NameOf) => ({
  runId: item.run.id,
  actorId: item.run.actorId,
  actor: nameOf(item.run.actorId),
  actorTaskId: item.run.actorTaskId,
  origin: item.run.origin,
  status: item.run.status,
  startedAt: item.run.startedAt.toISOString(),
  endedAt: endOf(item).toISOString(),
  usd: item.spent ? toUsd(item.spent.microUsd) : null,
});

/** What is recorded where it bends, and what it came to. */
function curveOf({ curve, spent }: RunItem): RunItem["curve"] {
  const last = curve.at(-1);
  return spent === undefined || (last && last.at >= spent.at) ? curve : [...curve, spent];
}

/** With how each run's cost grew. */
export const pastJson = (items: readonly RunItem[], nameOf: NameOf): string =>
  JSON.stringify(
    items.map((item) => ({
      ...told(item, nameOf),
      life: item.life,
      curve: curveOf(item).map(({ at, microUsd }) => ({ at, usd: toUsd(microUsd) })),
    })),
    null,
    2,
  );

export function pastCsv(items: readonly RunItem[], nameOf: NameOf): string {
  const titles = [
    "runId",
    "actorId",
    "actor",
    "actorTaskId",
    "origin",
    "status",
    "startedAt",
    "endedAt",
    "usd",
  ] as const;
  return csv(
    titles,
    items.map((item) => {
      const row = told(item, nameOf);
      return titles.map((title) => row[title] ?? undefined);
    }),
  );
}
