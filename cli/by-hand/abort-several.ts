import { MOST_REASON } from "../../src/policy/index.ts";
import type { Ordered } from "../../src/watchdog/overrule/abort-by-hand.ts";
import type { Foreseen, OneOfMany } from "../../src/watchdog/overrule/abort-many.ts";
import { foreseeOrders, orderAborts } from "../../src/watchdog/tick/outside.ts";
import type { Invocation } from "../command.ts";
import { confirmed, runAtHand } from "../confirm.ts";
import { wrapped } from "../show/terminal.ts";
import { count, sentence } from "../show/words.ts";
import { actorNames, type NameOf } from "../target/names.ts";
import { meantRuns } from "./meant-runs.ts";
import { GRACE_OF_EACH, LOOK_MS, WATCH_MS } from "./patience.ts";
import { refusalText } from "./refusal-text.ts";

/** So many are listed; of the others it is said how many they are. */
const MOST_LISTED = 20;
/** So long for each run on top of what one takes. */
const EACH_MS = 3_000;

function planOf(found: readonly Foreseen[], nameOf: NameOf, now: Date): readonly string[] {
  const lines = found
    .slice(0, MOST_LISTED)
    .flatMap(({ run, held }) => [
      ...runAtHand(run, nameOf(run.actorId), now),
      ...(held ? [`  ${sentence(`Not stopped: ${held.why}`)}`] : []),
    ]);
  const more = found.length - MOST_LISTED;
  const held = found.filter((each) => each.held).length;
  return [
    ...lines,
    ...(more > 0 ? [`and ${count(more, "more run")}.`] : []),
    `${count(found.length - held, "run")} would be stopped${held > 0 ? `, ${held} not` : ""}, the most expensive first.`,
    GRACE_OF_EACH,
  ];
}

/** Watches until all have ended, or for a minute. Returns those that are still open. */
async function stillOpen(
  ordered: readonly Ordered[],
  { args, terminal, signal, connect }: Invocation,
): Promise<ReadonlySet<string>> {
  const { clock } = (await connect()).ports;
  const until = clock.now().getTime() + WATCH_MS;
  let open = ordered;
  while (open.length > 0 && !args.flag("no-wait") && !signal.aborted && clock.now().getTime() < until) {
    terminal.progress(
      `waiting until ${count(open.length, "run")} ended; Ctrl-C leaves that to the next tick`,
    );
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) break;
    const left: Ordered[] = [];
    // A look that fails is no end: the order stands.
    for (const each of open) if (await each.follow().catch(() => true)) left.push(each);
    open = left;
  }
  terminal.progress(undefined);
  return new Set(open.map(({ runId }) => runId));
}

const isOrdered = (each: OneOfMany): each is OneOfMany & { readonly result: Ordered } =>
  each.result.kind === "ordered";

const kindsOf = ({ runId, result }: OneOfMany): readonly string[] =>
  result.kind === "ordered"
    ? result.outcomes.filter((each) => each.runId === runId).map(({ kind }) => kind)
    : [];

const hasFailed = (each: OneOfMany): boolean =>
  !isOrdered(each) ||
  each.result.error !== undefined ||
  kindsOf(each).some((kind) => kind === "abort.failed" || kind === "abort.withdrawn");

function toldOf(each: OneOfMany, open: ReadonlySet<string>): object {
  const { runId, result } = each;
  if (result.kind !== "ordered") return { runId, ordered: false, ...result };
  return { runId, ordered: true, intentId: result.intentId, open: open.has(runId), outcomes: kindsOf(each) };
}

/** Stops all live runs that the options select: shown first, asked for, then one after the other. Returns the exit code. */
export async function abortSeveral(invocation: Invocation): Promise<number> {
  const { args, terminal, connect, signal, answer } = invocation;
  const reason = args.required("reason", MOST_REASON);
  const connection = await connect();
  const { ports, operator } = connection;
  const { isMeant, what } = await meantRuns(ports, args, signal);
  const now = ports.clock.now();
  const look = { signal, endsBy: new Date(now.getTime() + WATCH_MS) };
  const found = await foreseeOrders(ports, isMeant, look);
  if (found === undefined) {
    if (args.flag("json")) answer({ selected: what, ordered: false, kind: "no-policy", runs: [] });
    else terminal.err(refusalText("", { kind: "no-policy" }));
    return 1;
  }
  if (found.length === 0) {
    if (args.flag("json")) answer({ selected: what, reason, stopped: 0, notStopped: 0, runs: [] });
    else terminal.out(`No live run of ${what}: there is nothing to stop.`);
    return 0;
  }
  const nameOf = await actorNames(
    connection,
    found.map(({ run }) => run.actorId),
    signal,
  );
  const told = {
    selected: what,
    ordered: false,
    runs: found.map(({ run, held }) => ({ runId: run.id, ...(held && { held: held.guard }) })),
  };
  const question = `Stop ${count(found.length, "live run")} of ${what}`;
  const code = await confirmed(invocation, { plan: planOf(found, nameOf, now), question, told });
  if (code !== undefined) return code;
  const by = await operator();
  const forMs = WATCH_MS + found.length * EACH_MS;
  // Once an intent is written, its call is not given up half-way: Ctrl-C ends the watching only.
  const pass = {
    signal: AbortSignal.timeout(forMs),
    endsBy: new Date(ports.clock.now().getTime() + forMs),
  };
  const runIds = found.map(({ run }) => run.id);
  const all = await orderAborts(ports, runIds, { by, reason }, pass, ({ runId, result }) => {
    if (args.flag("json")) return;
    if (result.kind === "ordered") terminal.out(`Asked Apify to end run ${runId}.`);
    else
      terminal.err(
        result.kind === "held" ? `Run ${runId}: ${refusalText(runId, result)}` : refusalText(runId, result),
      );
  });
  const open = await stillOpen(
    all.filter(isOrdered).map(({ result }) => result),
    invocation,
  );
  const failed = all.filter(hasFailed).length;
  if (args.flag("json")) {
    const stopped = all.length - failed;
    answer({
      selected: what,
      by,
      reason,
      stopped,
      notStopped: failed,
      runs: all.map((each) => toldOf(each, open)),
    });
  } else {
    const notYet = open.size > 0 ? `, ${count(open.size, "run")} not ended yet: the next tick goes on` : "";
    const not = failed > 0 ? `, ${failed} not` : "";
    terminal.out(
      wrapped(
        `Stopped ${all.length - failed} of ${count(all.length, "run")}${not}${notYet}.`,
        terminal.columns,
      ),
    );
  }
  return failed > 0 ? 1 : 0;
}
