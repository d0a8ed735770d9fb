import { fill } from "../../src/watchdog/ledger/backfill.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type Command, FORCE } from "../command.ts";
import { hourOf, timeOf } from "../options/span-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { count } from "../show/words.ts";

export const backfill: Command = {
  name: "backfill",
  about: "Add what runs spent before the watchdog was installed, from Apify's run list",
  options: {
    since: { value: "WHEN", required: true, about: "Back to a date (2026-10-01), or for a span (30d)" },
    ...FORCE,
  },
  examples: [["backfill --since 30d", "the last thirty days; begun again, it goes on where it was"]],
  notes:
    "Ticks fill the windows of the budgets by themselves. Runs that ended are taken as Apify lists them, two pages of a thousand a " +
    "second at most; what had begun more than seven days before the time to fill is not found. A run is counted once, however " +
    "often this is said.",
  endsItself: true,
  writes: () => true,
  async run({ args, terminal, connect, signal, answer }) {
    const text = args.required("since");
    const { ports, hasApify } = await connect();
    const now = ports.clock.now();
    const since = hourOf(await timeOf("since", text, "back", ports));
    if (since > now) throw new UsageError(`--since: ${minuteOf(since)} UTC is still to come.`);
    const before = await ports.state.readLedger();
    const isJson = args.flag("json");
    if (before.completeSince === undefined) {
      terminal.err(
        "No tick has seen the whole account yet: the ledger begins with one. Let the watchdog look first.",
      );
      return 1;
    }
    if (since >= before.completeSince) {
      const told = { completeSince: before.completeSince, runs: 0, pages: 0, done: true };
      if (isJson) answer(told);
      else terminal.out(`Nothing to do: the ledger has all since ${minuteOf(before.completeSince)} UTC.`);
      return 0;
    }
    if (!hasApify) {
      // The port says why, and what to do.
      await ports.apify.checkUser(undefined, signal);
    }
    let pages = 0;
    let runs = 0;
    let unread = 0;
    const state = await fill(ports, since, signal, (progress, malformed) => {
      unread += malformed;
      pages += 1;
      runs = progress.runs;
      const at = progress.place?.after ? `, up to those started ${minuteOf(progress.place.after)} UTC` : "";
      terminal.progress(`${count(pages, "page")}, ${count(runs, "run")}${at}`);
    });
    terminal.progress(undefined);
    if (unread > 0) terminal.err(`${count(unread, "item")} of the list could not be read, and is left out.`);
    const done = state.completeSince !== undefined && state.completeSince <= since;
    if (isJson) {
      answer({ completeSince: state.completeSince ?? null, runs, pages, done });
    } else if (done) {
      terminal.out(`Done: ${count(runs, "run")} recorded. The ledger has all since ${minuteOf(since)} UTC.`);
    } else {
      terminal.out(
        `Not done: ${count(runs, "run")} recorded so far. Say the same again to go on from there.`,
      );
    }
    return done ? 0 : 1;
  },
};
