import { against } from "../../src/watchdog/audit/describe.ts";
import { type DrillChange, drillOutcome } from "../../src/watchdog/audit/describe-drill.ts";
import { type Check, failed, notKnown, passed } from "../../src/watchdog/health/checks/check.ts";
import { checkNotifying } from "../../src/watchdog/health/checks/check-ringing.ts";
import { answerTo, askForDrill, endDrill } from "../../src/watchdog/health/drill.ts";
import { readStatus, type Status } from "../../src/watchdog/health/status.ts";
import type { DrillRequest } from "../../src/watchdog/model/control.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { type Command, type Connection, FORCE, NOT_ALL_KNOWN } from "../command.ts";
import { checkLines, withPasteableFix } from "../lines/check-lines.ts";
import { CALLS } from "../package.ts";
import { deploymentOf } from "../target/deployment.ts";

const WAIT_MS = 5 * 60_000;
const LOOK_MS = 2_000;
const UNPROVED =
  "Not proved: that Apify takes an abort by this token, which only a stop can show; and that what was sent has arrived.";

/** Waits until a tick has answered, or nobody waits any more. */
async function waitFor(
  ports: Pick<Ports, "audit" | "clock">,
  request: DrillRequest,
  signal: AbortSignal,
): Promise<Entry | undefined> {
  for (;;) {
    const answer = await answerTo(ports, request);
    if (answer !== undefined || signal.aborted || ports.clock.now() >= request.until) return answer;
    await ports.clock.sleep(LOOK_MS, signal);
  }
}

/** Why no tick answered: none came, or one that could not. */
function unanswered({ lastTick }: Status, before: Status, { target }: Connection): readonly Check[] {
  const start = target.kind === "folder" ? `start it: ${CALLS.start}` : "To see why: watchdog doctor";
  if (lastTick === undefined || lastTick.tickId === before.lastTick?.tickId)
    return [failed("tick", "no tick came in the time that was waited for", start)];
  const reasons = Object.keys(lastTick.skipped).join("; ");
  const why = reasons
    ? `: ${reasons}`
    : ", or its function is older than this command line, and knows no drills";
  return [failed("tick", `a tick came and did not answer${why}`, start)];
}

const secondsBetween = (from: Date, to: string): number =>
  Math.max(0, Math.round((new Date(to).getTime() - from.getTime()) / 1000));

/** What an answer shows, link by link. */
function shown(answer: Entry, request: DrillRequest): readonly Check[] {
  const { change = {}, ruleId, evidence, guard, policyVersion, sequence } = answer;
  const { action, listed } = change as DrillChange;
  const figure = evidence ? `${against(evidence)} ` : "";
  const says = `rule ${ruleId} of policy version ${policyVersion}: a made-up run, ${figure}${drillOutcome({ action, guard })}`;
  const stopped = action === "abort" || action === "abort-now";
  return [
    passed("tick", `one answered after ${secondsBetween(request.at, answer.at)} s`),
    passed("apify", `that tick read Apify with the watchdog's token, and listed ${listed} live runs`),
    stopped
      ? passed("decision", says)
      : failed("decision", says, "To see what holds stops back: watchdog status"),
    passed("audit", `entry ${sequence} of the control chain: ${answer.entryId}`),
  ];
}

/** Whether what a stop says reaches somebody, as far as AWS can tell. */
async function notice(connection: Connection, { id }: DrillRequest): Promise<readonly Check[]> {
  const { pointer, target } = connection;
  if (target.kind === "folder") return [];
  const deployment = await deploymentOf(connection);
  if (pointer === undefined || deployment === undefined)
    return [notKnown("notice", "who is notified is known of a stack alone", "give --stack NAME")];
  const checks: Check[] = [];
  for await (const check of checkNotifying(deployment, pointer)) checks.push(check);
  if (checks.some(({ ok }) => ok !== true)) return checks;
  return [
    ...checks,
    passed("notice", `a message about DRILL ${id} is on its way: look for it where stops are notified`),
  ];
}

export const drill: Command = {
  name: "drill",
  about:
    "Prove that a stop would work, from the schedule to the audit and the notification, on a run that does not exist",
  options: {
    wait: { value: "SPAN", default: "5m", about: "How long to wait for a tick (default: 5m)" },
    ...FORCE,
  },
  examples: [
    ["drill", "asks the next tick what it would do about a run far over a limit, and says which link held"],
    ["drill --wait 20m --json", "on a schedule of every 15 minutes, for a program"],
  ],
  notes: `It starts no run, stops none and asks nothing of Apify. It writes a request into the state table; the next tick decides on a made-up run by the policy in force, its guards, pause and caps, and writes drill.begun; that is notified as DRILL; the command writes drill.ended. No intent, and no place in a cap or a report. ${UNPROVED} Exit code 0: every link held; 1: one failed; 3: one can't be known.`,
  endsItself: true,
  writes: () => true,
  async run({ args, terminal, paint, connect, signal, answer: print, pasteable }) {
    const waitMs = args.duration("wait") ?? WAIT_MS;
    const connection = await connect();
    const { ports, operator } = connection;
    const asJson = args.flag("json");
    if (connection.isWatched === false) {
      terminal.err(
        `${CALLS.start} does not run here, so no tick would answer: start it in another terminal, then run this again.`,
      );
      return 1;
    }
    const before = await readStatus(ports);
    if (before.policy === undefined) {
      terminal.err("No policy was pushed, so nothing would be stopped: watchdog policy push policy.yaml");
      return 1;
    }
    const until = new Date(ports.clock.now().getTime() + waitMs);
    const asked = await askForDrill(ports, await operator(), until);
    if (asked.kind === "busy") {
      terminal.err(`A drill of ${asked.by} is under way: run this again when it is over.`);
      return 1;
    }
    const { request } = asked;
    terminal.progress(`drill ${request.id}: waiting for a tick`);
    const entry = await waitFor(ports, request, signal);
    terminal.progress(undefined);
    if (entry === undefined && signal.aborted) {
      await endDrill(ports, request, ["interrupted"]);
      return 1;
    }
    const found = entry
      ? [...shown(entry, request), ...(await notice(connection, request))]
      : unanswered(await readStatus(ports), before, connection);
    const links = found.map((link) => withPasteableFix(link, pasteable));
    const broken = links.filter(({ ok }) => ok === false).map(({ id }) => id);
    await endDrill(ports, request, broken);
    if (asJson) print({ drillId: request.id, passed: broken.length === 0, links });
    else {
      for (const link of links)
        for (const line of checkLines(link, { columns: terminal.columns, paint })) terminal.out(line);
      terminal.out(
        broken.length === 0 ? `Drill ${request.id}: every link held.` : `Drill ${request.id}: failed.`,
      );
      if (broken.length === 0) terminal.out(UNPROVED);
    }
    if (broken.length > 0) return 1;
    return links.some(({ ok }) => ok === null) ? NOT_ALL_KNOWN : 0;
  },
};
