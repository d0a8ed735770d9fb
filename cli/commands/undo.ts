import { formatUsd, MOST_REASON, toUsd } from "../../src/policy/index.ts";
import { ORDER } from "../../src/watchdog/model/by-hand.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { MOST_EXEMPT_MS } from "../../src/watchdog/overrule/exemptions.ts";
import type { Undone, UndoResult } from "../../src/watchdog/overrule/undo-wish.ts";
import { foreseeUndoing, orderUndo } from "../../src/watchdog/tick/outside.ts";
import { type Command, FORCE, type Invocation } from "../command.ts";
import { ASKS, asksFirst, confirmed, runAtHand } from "../confirm.ts";
import { untilOf } from "../options/span-options.ts";
import { untilText } from "../show/when.ts";
import { actorNames } from "../target/names.ts";

/** How long an undo may take: an interrupted one before it is waited for. */
const MOST_MS = 120_000;
type Found = Awaited<ReturnType<typeof foreseeUndoing>>;

/** What was meant can't be, whatever the state of the world. */
const WRONG_USAGE: readonly string[] = ["ceiling-reached", "no-ceiling"];

function* undoneLines({ runId, status, exemption, finalMicroUsd, limitMicroUsd }: Undone, now: Date) {
  const { until, ceilingMicroUsd } = exemption;
  yield `Run ${runId} lives again (${status}), exempt ${untilText(until, now)}.`;
  if (ceilingMicroUsd !== undefined) {
    const sum =
      limitMicroUsd !== undefined && finalMicroUsd !== undefined
        ? `: the ${formatUsd(finalMicroUsd)} that it has cost, and its limit of ${formatUsd(limitMicroUsd)} again`
        : "";
    yield `It is stopped again when it has cost ${formatUsd(ceilingMicroUsd)}${sum}.`;
  }
  yield "From then on its rules stop it as before.";
}

/** What an undo that nothing stands in the way of would do. */
function* planLines(found: Exclude<Found, { kind: "refused" }>, until: Date, now: Date): Generator<string> {
  const { intent, runId } = found.stop;
  const isOrder = intent.evidence?.metric === ORDER;
  yield `It was stopped ${minuteOf(intent.at)} UTC by ${isOrder ? `order of ${intent.by}` : `rule ${intent.ruleId}`}.`;
  if (found.kind === "called") {
    yield `Apify has started it again already: what is left is to write that down.`;
    return;
  }
  const { ceilingMicroUsd } = found.ceiling;
  const upTo =
    ceilingMicroUsd === undefined ? "" : ` or until it has cost ${formatUsd(ceilingMicroUsd)} in all`;
  yield `Apify starts run ${runId} again, and no rule stops it ${untilText(until, now)}${upTo}.`;
}

/** A result whose reason has its commands as they can be pasted. */
const withPasteable = (result: UndoResult, { pasteable }: Pick<Invocation, "pasteable">): UndoResult =>
  "why" in result ? { ...result, why: pasteable(result.why) } : result;

function json(result: UndoResult) {
  if (result.kind !== "undone") return { undone: false, ...result };
  const { exemption, finalMicroUsd, limitMicroUsd: _limit, kind: _kind, ...rest } = result;
  const { until, ceilingMicroUsd } = exemption;
  return {
    undone: true,
    ...rest,
    until: until.toISOString(),
    ceilingUsd: ceilingMicroUsd === undefined ? null : toUsd(ceilingMicroUsd),
    finalUsageTotalUsd: finalMicroUsd === undefined ? null : toUsd(finalMicroUsd),
  };
}

export const undo: Command = {
  name: "undo",
  about: "Take a stop back: resurrect the run, and let it live until a time or a ceiling",
  positionals: [
    {
      name: "stop",
      about: "A run, for its last stop; or an entry of the stop, 6 digits of its id or more",
    },
  ],
  options: {
    until: {
      value: "WHEN",
      required: true,
      about: "Until when it is exempt: a span (6h), a day (friday) or a time",
    },
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    ceiling: { value: "USD", about: "Up to what it may cost in all (default: its cost and its limit again)" },
    ...ASKS,
    timeout: { value: "SPAN", about: "Apify's own timeout for its next life (default: as before)" },
    ...FORCE,
  },
  examples: [
    ['undo $RUN --until 6h --reason "it was meant to be large"', "it may cost as much again as its limit"],
    ['undo $ENTRY --until 1d --ceiling 40 --timeout 8h --reason "relaunch"', "it may cost 40 USD in all"],
  ],
  notes:
    "It asks first, or takes --yes. watchdog audit list shows the runs and entries. The exemption is written first, then Apify is called once. What dies between is finished by the same undo said again. Not for a run that ended by itself or was resurrected since; once a stop, and three times a run.",
  endsItself: true,
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, answer } = invocation;
    const [entryId, until] = [args.required("stop"), args.required("until")];
    const reason = args.required("reason", MOST_REASON);
    const ceilingMicroUsd = args.usd("ceiling");
    const timeoutMs = args.duration("timeout");
    const connection = await connect();
    const { ports, operator } = connection;
    const now = ports.clock.now();
    const end = await untilOf(until, ports, MOST_EXEMPT_MS);
    const give = (result: UndoResult): number => {
      if (args.flag("json")) answer(json(withPasteable(result, invocation)));
      else if (result.kind === "undone") for (const line of undoneLines(result, now)) terminal.out(line);
      else terminal.err(result.why);
      if (result.kind === "undone") return 0;
      return result.kind === "refused" && WRONG_USAGE.includes(result.reason) ? 2 : 1;
    };
    if (asksFirst(args)) {
      const look = { signal: invocation.signal, endsBy: new Date(now.getTime() + MOST_MS) };
      const wish = { entryId, ...(ceilingMicroUsd !== undefined && { ceilingMicroUsd }) };
      const found = await foreseeUndoing(ports, wish, look);
      if (found.kind === "refused") return give(found);
      const { run } = found.observation;
      const nameOf = await actorNames(connection, [run.actorId], invocation.signal);
      const plan = [...runAtHand(run, nameOf(run.actorId), now), ...planLines(found, end, now)];
      const deed = { plan, question: `Start run ${run.id} again`, told: { undone: false } };
      const code = await confirmed(invocation, deed);
      if (code !== undefined) return code;
    }
    const by = await operator();
    const wish = {
      entryId,
      reason,
      by,
      until: end,
      ...(ceilingMicroUsd !== undefined && { ceilingMicroUsd }),
      ...(timeoutMs !== undefined && { timeoutSecs: Math.ceil(timeoutMs / 1000) }),
    };
    terminal.progress("undoing; one that was interrupted before is waited for, half a minute at most");
    // Not the signal of Ctrl-C: an undo is not left half-way.
    const signal = AbortSignal.timeout(MOST_MS);
    const result = await orderUndo(ports, wish, { signal, endsBy: new Date(now.getTime() + MOST_MS) });
    terminal.progress(undefined);
    return give(result);
  },
};
