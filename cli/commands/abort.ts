import { MOST_REASON } from "../../src/policy/index.ts";
import { describeEntry } from "../../src/watchdog/audit/describe.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import type { Ordered, Refusal } from "../../src/watchdog/overrule/abort-by-hand.ts";
import { foreseeOrder, orderAbort } from "../../src/watchdog/tick/outside.ts";
import { abortSeveral } from "../by-hand/abort-several.ts";
import { SELECTORS } from "../by-hand/meant-runs.ts";
import { GRACE, LOOK_MS, WATCH_MS } from "../by-hand/patience.ts";
import { refusalText } from "../by-hand/refusal-text.ts";
import { type Command, FORCE, type Invocation } from "../command.ts";
import { ASKS, asksFirst, confirmed, runAtHand } from "../confirm.ts";
import { toldEntries } from "../lines/told-entries.ts";
import type { Args } from "../options/args.ts";
import { padTo, wrapped } from "../show/terminal.ts";
import { paintWord } from "../show/words.ts";
import { actorNames } from "../target/names.ts";

/** Watches an order until its intent is closed, telling each entry as it is written. */
async function follow(
  ordered: Ordered,
  ports: Ports,
  { signal, terminal, args, paint }: Invocation,
  since: string,
) {
  let told = 0;
  const tell = async (): Promise<void> => {
    const entries = await toldEntries(ports.audit, ordered.outcomes, since);
    for (const entry of entries.slice(told)) {
      const { word, text } = describeEntry(entry);
      const line = `${padTo(word, 10)}  ${text}`;
      const dress = (each: string): string => each.replace(word, paintWord(word, paint));
      if (!args.flag("json")) terminal.out(wrapped(line, terminal.columns, dress));
    }
    told = entries.length;
  };
  await tell();
  const until = ports.clock.now().getTime() + WATCH_MS;
  let open = true;
  while (open && !args.flag("no-wait") && !signal.aborted && ports.clock.now().getTime() < until) {
    terminal.progress(
      "waiting until the run has ended and its figures rest; Ctrl-C leaves that to the next tick",
    );
    await ports.clock.sleep(LOOK_MS, signal);
    // A look that fails is no end: the order stands, and the next look may succeed.
    if (!signal.aborted) open = await ordered.follow().catch(() => true);
    await tell();
  }
  terminal.progress(undefined);
  return open;
}

const isOfSeveral = (args: Args): boolean =>
  args.flag("with-children") || SELECTORS.some((name) => args.text(name) !== undefined);

export const abort: Command = {
  name: "abort",
  about: "Stop runs by hand, gracefully and audited: one, or all live ones of an Actor, task or schedule",
  positionals: [{ name: "runId", about: "The run; or give --actor, --task or --schedule", optional: true }],
  options: {
    actor: { value: "ACTOR", about: "Every live run of this Actor, by its id or username/name" },
    task: { value: "TASK", about: "Every live run of this task, by its id or username/name" },
    schedule: { value: "SCHEDULE", about: "Every live run that this schedule started, by its id or name" },
    "with-children": {
      about: "With a run: also live runs that Actors started during its life; look at them first",
    },
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    ...ASKS,
    "no-wait": { about: "Do not watch it end; the watchdog's ticks do" },
    ...FORCE,
  },
  examples: [
    ['abort $RUN --reason "wrong shop" --dry-run', "which Actor's is it, what has it cost, how old is it?"],
    [
      'abort --actor acme/shop --reason "wrong shop" --dry-run',
      "which live runs of an Actor would be stopped?",
    ],
    ['abort $RUN --with-children --reason "wrong shop" --dry-run', "and which may it have started?"],
    ['abort $RUN --reason "wrong shop"', "shows the same, asks, asks Apify to end it, then watches it end"],
  ],
  notes: `It asks first, or takes --yes. It goes the way of every stop: the run is read, the intent is written with your identity and the reason, then abort is called once. No rule need condemn the run, and observe mode does not hold it back; a pause, an exemption and maxAborts do. Exit code 0: the order stands, whether or not it is confirmed yet (open, in --json); 1: it was refused, has failed or was withdrawn. Several runs are stopped one after the other, the most expensive first, each with an intent of its own and the same reason; maxAborts binds them together, and what it holds is listed. Exit code 0: all of them, or there are none; 1: not all.`,
  endsItself: true,
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, signal, answer } = invocation;
    if (isOfSeveral(args)) return abortSeveral(invocation);
    const runId = args.required("runId");
    const reason = args.required("reason", MOST_REASON);
    const connection = await connect();
    const { ports, operator } = connection;
    const now = ports.clock.now();
    const refuse = (refusal: Refusal): number => {
      const says = refusalText(runId, refusal);
      if (args.flag("json")) answer({ runId, ordered: false, ...refusal, says: invocation.pasteable(says) });
      else terminal.err(says);
      return 1;
    };
    if (asksFirst(args)) {
      const look = { signal, endsBy: new Date(now.getTime() + WATCH_MS) };
      const found = await foreseeOrder(ports, runId, look);
      if (found.kind !== "possible") return refuse(found);
      const { run } = found.observation;
      const nameOf = await actorNames(connection, [run.actorId], signal);
      const plan = [...runAtHand(run, nameOf(run.actorId), now), GRACE];
      const deed = { plan, question: `Stop run ${runId}`, told: { runId, ordered: false } };
      const code = await confirmed(invocation, deed);
      if (code !== undefined) return code;
    }
    const by = await operator();
    const endsBy = new Date(ports.clock.now().getTime() + WATCH_MS);
    // Once an intent is written, its call is not given up half-way: Ctrl-C ends the watching only.
    const uncut = AbortSignal.timeout(WATCH_MS);
    const result = await orderAbort(ports, runId, { by, reason }, { signal: uncut, endsBy });
    if (result.kind !== "ordered") return refuse(result);
    const open = await follow(result, ports, { ...invocation, signal }, now.toISOString());
    if (result.error !== undefined) {
      const { message } = result.error as Error;
      terminal.err(
        `${message}\nThe order stands all the same, and ticks go on with it: watchdog audit show ${runId}`,
      );
    }
    const kinds = result.outcomes.map(({ kind }) => kind);
    if (args.flag("json")) {
      const { intentId, outcomes } = result;
      answer({ runId, ordered: true, intentId, open, by, reason, outcomes });
    } else if (open) {
      const more = `Not confirmed yet; the next tick goes on with it: watchdog audit show ${runId}`;
      terminal.out(wrapped(invocation.pasteable(more), terminal.columns));
    }
    return result.error !== undefined || kinds.includes("abort.failed") || kinds.includes("abort.withdrawn")
      ? 1
      : 0;
  },
};
