import { explainRun } from "../../src/watchdog/explain/explain.ts";
import type { Explanation, UnknownRun } from "../../src/watchdog/explain/explanation.ts";
import { consoleRunUrl } from "../../src/watchdog/notify/place.ts";
import type { Command, Connection } from "../command.ts";
import { explainLines, nextActs } from "../lines/explain-lines.ts";
import { browse } from "../show/browse.ts";
import { wrapped } from "../show/terminal.ts";
import { actorNames } from "../target/names.ts";

/** How long Apify may take to tell the run as it is now; then it is told as the last tick saw it. */
const PATIENCE_MS = 10_000;

function unknownText({ runId, nearest, unread }: UnknownRun): string {
  const hint = nearest ? `Did you mean ${nearest}?` : "Live runs: watchdog runs";
  const why = unread && !/^Apify has no/.test(unread) ? `\nApify was not asked: ${unread}` : "";
  const asked = why ? "the tables don't know it" : "neither the tables nor Apify know it";
  return `Unknown run ${runId}: ${asked}. ${hint}${why}`;
}

/** The same with its Actor's name, also where no rule asks for it. */
async function named(told: Explanation | UnknownRun, connection: Connection, signal: AbortSignal) {
  if (told.kind === "unknown" || told.actorName !== undefined) return told;
  const name = (await actorNames(connection, [told.actorId], signal))(told.actorId);
  return name === told.actorId ? told : { ...told, actorName: name };
}

export const explain: Command = {
  name: "explain",
  about: "Why a run is stopped or not: every rule's view of it",
  positionals: [{ name: "runId", about: "The run, live or ended" }],
  options: {
    web: { about: "Open the run in Apify Console, or print its address where nothing can be opened" },
  },
  examples: [
    ["explain $RUN", "each rule's figures, the guards, what the next tick does"],
    ["explain $RUN --json", "the same for a program"],
  ],
  notes: `It reads the run from Apify where there is a token, otherwise it shows the run as of the last tick; it writes and stops nothing. An ended run is explained by what the audit has of it. Exit code 1: the run is unknown.`,
  async run({ args, terminal, paint, env, connect, signal, answer, pasteable }) {
    const runId = args.required("runId");
    if (args.flag("web")) {
      const url = consoleRunUrl(runId);
      const isOpen = terminal.isTty && (await browse(url, env));
      if (args.flag("json")) answer({ url, opened: isOpen });
      else terminal.out(isOpen ? `Opened ${url}` : url);
      return 0;
    }
    const connection = await connect();
    terminal.progress(`reading ${runId}`);
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const told = await named(await explainRun(connection.ports, runId, patience), connection, patience);
    terminal.progress(undefined);
    const isKnown = told.kind !== "unknown";
    if (args.flag("json")) answer(told);
    else if (told.kind === "unknown") terminal.err(unknownText(told));
    else {
      for (const line of explainLines(told, { columns: terminal.columns, paint })) terminal.out(line);
      const acts = nextActs(told).flatMap((act) => wrapped(pasteable(act), terminal.columns));
      if (acts.length > 0) terminal.out(["", ...acts]);
    }
    return isKnown ? 0 : 1;
  },
};
