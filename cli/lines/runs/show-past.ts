import { lastSeenRuns } from "../../../src/watchdog/explain/last-seen.ts";
import { pastRuns } from "../../../src/watchdog/ledger/past-runs.ts";
import { minuteOf } from "../../../src/watchdog/model/minute.ts";
import { type Invocation, NOT_ALL_KNOWN } from "../../command.ts";
import { pastSpan } from "../../options/span-options.ts";
import { wrapped } from "../../show/terminal.ts";
import { actorNames } from "../../target/names.ts";
import { onlyOf } from "../../target/only-of.ts";
import { pastCsv, pastJson, pastTable } from "./past-runs.ts";

const DEFAULT_DAYS = 7;
const DEFAULT_LIMIT = 50;

/** `runs --past`: recorded runs that have ended. */
export async function showPast({
  args,
  terminal,
  paint,
  connect,
  signal,
  pasteable,
}: Pick<Invocation, "args" | "terminal" | "paint" | "connect" | "signal" | "pasteable">): Promise<number> {
  const limit = args.count("limit") ?? DEFAULT_LIMIT;
  const connection = await connect();
  const { state } = connection.ports;
  const span = await pastSpan(args, connection.ports, DEFAULT_DAYS);
  const { ended } = await lastSeenRuns(connection.ports);
  const all = await pastRuns(state, {
    ...span,
    endedSince: ended,
    onRead: (count) => count % 500 === 0 && terminal.progress(`${count} runs read`),
  });
  terminal.progress(undefined);
  const nameOf = await actorNames(
    connection,
    all.map(({ run }) => run.actorId),
    signal,
  );
  const found = await onlyOf(args.text("actor"), connection, {
    all,
    actorIdOf: ({ run }) => run.actorId,
    nameOf,
    what: "recorded run of that time",
    signal,
  });
  const shown = limit === 0 ? found : found.slice(0, limit);
  if (args.flag("json")) terminal.data(pastJson(shown, nameOf));
  else if (args.flag("csv")) terminal.data(pastCsv(shown, nameOf));
  else if (shown.length === 0)
    terminal.out(
      `No recorded run has ended since ${minuteOf(span.from)} UTC${span.to ? `, up to ${minuteOf(span.to)} UTC` : ""}.`,
    );
  else for (const line of pastTable(shown, nameOf, { columns: terminal.columns, paint })) terminal.out(line);
  if (found.length > shown.length)
    terminal.err(`${found.length - shown.length} earlier: --limit 0 shows all.`);

  const { completeSince } = await state.readLedger();
  if (completeSince !== undefined && completeSince <= span.from) return 0;
  const known = completeSince ? `since ${minuteOf(completeSince)} UTC` : "nowhere yet: no tick has seen it";
  const note = `The whole account is known ${known}; of runs before that only some are listed here. To read them: watchdog backfill --since 30d`;
  const isData = args.flag("json") || args.flag("csv");
  for (const line of wrapped(pasteable(note), terminal.columns)) {
    if (isData) terminal.err(line);
    else terminal.out(paint("dim", line));
  }
  // Who asked for a time that is not known must not take the answer for all of it.
  return args.text("since") === undefined ? 0 : NOT_ALL_KNOWN;
}
