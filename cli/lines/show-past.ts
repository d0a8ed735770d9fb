import { pastRuns } from "../../src/watchdog/ledger/past-runs.ts";
import type { Invocation } from "../command.ts";
import { actorNames } from "../target/names.ts";
import { pastCsv, pastJson, pastTable } from "./past-runs.ts";

const WEEK_MS = 7 * 86_400_000;
const DEFAULT_LIMIT = 50;

/** `runs --past`: recorded runs that have ended. */
export async function showPast({
  args,
  terminal,
  paint,
  connect,
  signal,
}: Pick<Invocation, "args" | "terminal" | "paint" | "connect" | "signal">): Promise<number> {
  const sinceMs = args.duration("since") ?? WEEK_MS;
  const limit = args.count("limit") ?? DEFAULT_LIMIT;
  const connection = await connect();
  const { state, clock } = connection.ports;
  const found = await pastRuns(state, {
    since: new Date(clock.now().getTime() - sinceMs),
    actorId: args.text("actor"),
    onRead: (count) => count % 500 === 0 && terminal.progress(`${count} runs read`),
  });
  terminal.progress(undefined);
  const shown = limit === 0 ? found : found.slice(0, limit);
  const nameOf = await actorNames(
    connection,
    shown.map(({ run }) => run.actorId),
    signal,
  );
  if (args.flag("json")) terminal.data(pastJson(shown, nameOf));
  else if (args.flag("csv")) terminal.data(pastCsv(shown, nameOf));
  else if (shown.length === 0) terminal.out("No recorded run has ended in that time.");
  else for (const line of pastTable(shown, nameOf, { columns: terminal.columns, paint })) terminal.out(line);
  if (found.length > shown.length)
    terminal.err(`${found.length - shown.length} earlier: --limit 0 shows all.`);
  return 0;
}
