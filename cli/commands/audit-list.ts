import { describeEntry } from "../../src/watchdog/audit/describe.ts";
import { entryIn } from "../../src/watchdog/audit/entry-in.ts";
import { spanSince } from "../../src/watchdog/audit/find-entries.ts";
import { nearestRun } from "../../src/watchdog/explain/nearest-run.ts";
import { actorOf, ENTRY_KINDS, type Entry } from "../../src/watchdog/model/entry.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type Command, targetText } from "../command.ts";
import { pastSpan, spanOptions } from "../options/span-options.ts";
import { csv } from "../show/csv.ts";
import { runLink } from "../show/run-link.ts";
import { type Column, table } from "../show/table.ts";
import { wrapped } from "../show/terminal.ts";
import { damagedText, paintWord } from "../show/words.ts";
import { actorNames } from "../target/names.ts";

const DEFAULT_LIMIT = 50;
const OLDER = "There are older ones: --limit 0 shows all.";

const columns = (nameOf: (id: string | undefined) => string, narrow: boolean): readonly Column<Entry>[] => [
  { title: "WHEN (UTC)", cell: ({ at }) => minuteOf(at).slice(narrow ? 5 : 0) },
  {
    title: "WHAT",
    cell: (entry) => describeEntry(entry).word,
    paint: (text, _entry, paint) => paintWord(text, paint),
  },
  {
    title: "RUN",
    cell: ({ runId }) => runId ?? "",
    paint: (text, { runId }, paint) => runLink(text, runId, paint),
  },
  { title: "ENTRY", cell: ({ entryId }) => entryId.slice(0, 8) },
  { title: "ACTOR", cell: (entry) => nameOf(actorOf(entry)), from: 110 },
  { title: "WHY, OR WHAT CAME OF IT", cell: (entry) => describeEntry(entry).text, wraps: true },
];

const CSV = [
  "at",
  "kind",
  "runId",
  "actorId",
  "actor",
  "ruleId",
  "entryId",
  "by",
  "text",
  "mode",
  "policyVersion",
  "stepAt",
  "metric",
  "measured",
  "limit",
  "unit",
  "guard",
  "costUsd",
  "overshootUsd",
  "reason",
  "chain",
  "sequence",
] as const;

const entriesCsv = (entries: readonly Entry[], nameOf: (id: string | undefined) => string): string =>
  csv(
    CSV,
    entries.map((entry) => {
      const actorId = actorOf(entry);
      const { metric, measured, limit, unit } = entry.evidence ?? {};
      const { finalUsageTotalUsd, run, step } = entry;
      const row = {
        ...entry,
        ...{ actorId, actor: nameOf(actorId), text: describeEntry(entry).text },
        ...{ stepAt: step?.at, metric, measured, limit, unit },
        costUsd: finalUsageTotalUsd ?? run?.usageTotalUsd,
      };
      return CSV.map((title) => row[title]);
    }),
  );

export const auditList: Command = {
  name: "audit list",
  about: "What was decided and done, the latest last",
  pages: true,
  options: {
    ...spanOptions("the last 7 days"),
    run: { value: "ID", about: "Of this run alone" },
    kind: { value: "KIND", choices: ENTRY_KINDS, about: "Of this kind alone, for example abort.confirmed" },
    rule: { value: "ID", about: "By this rule alone" },
    limit: {
      value: "N",
      about: `The latest N entries; 0 for all (default: ${DEFAULT_LIMIT}, with --csv and --jsonl all)`,
    },
    csv: { about: "Print comma-separated values alone" },
    jsonl: { about: "Print JSON alone, an entry a line" },
  },
  examples: [
    ["audit list", "the last week"],
    ["audit list --since 24h --kind abort.confirmed", "what was stopped in the last day"],
    ["audit list --rule no-run-over-5-usd --json", "one rule's entries, for a program"],
    ["audit list --since 400d --jsonl", "an export of all of it"],
  ],
  async run({ args, terminal, paint, connect, signal }) {
    const kind = args.choice("kind", ENTRY_KINDS);
    const isExport = args.flag("csv") || args.flag("jsonl");
    const [runId, rule] = [args.text("run"), args.text("rule")];
    const limit = args.count("limit") ?? (isExport ? 0 : DEFAULT_LIMIT);
    const connection = await connect();
    const now = connection.ports.clock.now();
    const { from, to } = await pastSpan(args, connection.ports, 7);
    const span = to ? { from, to } : spanSince(from, now);
    const isWanted = (entry: Entry): boolean =>
      (!kind || entry.kind === kind) && (!runId || entry.runId === runId) && (!rule || entry.ruleId === rule);
    let [looked, damaged] = [0, 0];
    const wantedIn = (text: string): Entry | undefined => {
      const entry = entryIn(text);
      looked++;
      if (entry === undefined) damaged++;
      return entry && isWanted(entry) ? entry : undefined;
    };
    const tellDamaged = (): void => {
      if (damaged > 0) terminal.err(damagedText(damaged));
    };
    if (args.flag("jsonl") && limit === 0) {
      for await (const { text } of connection.ports.audit.list(span)) {
        const entry = wantedIn(text);
        if (entry) terminal.data(JSON.stringify(entry));
      }
      tellDamaged();
      return 0;
    }
    const found: Entry[] = [];
    for await (const { text } of connection.ports.audit.list({ ...span, latestFirst: true })) {
      const entry = wantedIn(text);
      if (entry) found.push(entry);
      // One more than is shown, to know whether there are more.
      if (limit > 0 && found.length > limit) break;
      if (looked % 500 === 0) terminal.progress(`${looked} entries read, ${found.length} found`);
    }
    terminal.progress(undefined);
    tellDamaged();
    const hasOlder = limit > 0 && found.length > limit;
    const shown = (hasOlder ? found.slice(0, limit) : found).reverse();
    if (args.flag("json")) {
      terminal.data(JSON.stringify(shown, null, 2));
      return 0;
    }
    if (args.flag("jsonl")) {
      for (const entry of shown) terminal.data(JSON.stringify(entry));
      if (hasOlder) terminal.err(OLDER);
      return 0;
    }
    if (shown.length === 0 && !isExport) {
      const none = `No such entry since ${minuteOf(from)} UTC${to ? `, up to ${minuteOf(to)} UTC` : ""}: ${targetText(connection.target)}.`;
      const guess = runId === undefined ? undefined : await nearestRun(connection.ports, runId);
      const hint = guess ? ` Did you mean --run ${guess}?` : "";
      terminal.out(wrapped(`${none}${hint}`, terminal.columns));
      return 0;
    }
    const nameOf = await actorNames(connection, shown.map(actorOf), signal);
    if (args.flag("csv")) terminal.data(entriesCsv(shown, nameOf));
    else {
      const look = { columns: terminal.columns, paint };
      for (const line of table(shown, columns(nameOf, terminal.columns < 110), look)) terminal.out(line);
    }
    if (hasOlder) terminal.err(OLDER);
    return 0;
  },
};
