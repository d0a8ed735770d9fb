import { toUsd } from "../../src/policy/index.ts";
import { isNobody, notifyFix, recipientsOf, recipientsText } from "../../src/watchdog/health/recipients.ts";
import { ALIVE_WITHIN_MS, readStatus, type Status } from "../../src/watchdog/health/status.ts";
import { holderOf } from "../../src/watchdog/hold/list-sources.ts";
import { toldPause } from "../../src/watchdog/policies/operate.ts";
import type { Command, Connection } from "../command.ts";
import { actorsOf } from "../lines/budget-lines.ts";
import { type Notified, statusLines } from "../lines/status-lines.ts";
import { deploymentOf } from "../target/deployment.ts";
import { actorNames } from "../target/names.ts";

/** Runs in JSON: `runs --json` has them all. */
const MOST_RUNS = 10;

/** Whom a stack's watchdog notifies; nothing is known of one without a stack. */
async function notifiedBy(connection: Connection): Promise<Notified> {
  const { pointer } = connection;
  const deployment = pointer && (await deploymentOf(connection));
  if (pointer === undefined || deployment === undefined) return undefined;
  const fact = await recipientsOf(deployment, pointer);
  if (fact.kind === "unknown") return { says: `not known: ${fact.why}`, isNobody: false, recipients: null };
  const { confirmed, channels } = fact.value;
  const says = recipientsText(fact.value, pointer);
  const recipients = confirmed + channels.length;
  const isNone = isNobody(fact.value);
  return { says: isNone ? `${says}; ${notifyFix(fact.value)}` : says, isNobody: isNone, recipients };
}

const json = (status: Status, notified: Notified, nameOf: (id: string | undefined) => string) => ({
  guarding: status.guarding,
  alive: status.alive,
  lastCompleteAt: status.lastCompleteAt?.toISOString() ?? null,
  lastTickAt: status.lastTick?.finishedAt.toISOString() ?? null,
  lastTickComplete: status.lastTick?.complete ?? null,
  skipped: status.lastTick?.skipped ?? {},
  mode: status.policy?.mode ?? null,
  policyVersion: status.policy?.version ?? null,
  rules: status.policy ? { enforcing: status.policy.enforcing, observing: status.policy.observing } : null,
  fellBack: status.policy?.fellBack ?? null,
  paused: status.pause ? toldPause(status.pause) : null,
  exemptions: status.exemptions.map((each) => ({
    subject: each.subject ?? null,
    until: each.kind === "valid" ? each.until.toISOString() : null,
    reason: each.kind === "valid" ? each.reason : each.problem,
  })),
  // Where no tick was ever complete, no run that was seen is no sign that there is none.
  live: status.runs.length === 0 && status.lastCompleteAt === undefined ? null : status.runs.length,
  nearest: status.runs.slice(0, MOST_RUNS).map(({ live: { run }, shares, intent }) => ({
    runId: run.id,
    actorId: run.actorId,
    actor: nameOf(run.actorId),
    usageTotalUsd: run.usageTotalMicroUsd === undefined ? null : toUsd(run.usageTotalMicroUsd),
    nearest: shares[0] ?? null,
    stopping: intent !== undefined,
  })),
  budgets: status.budgets,
  holds: status.holds.map((hold) => ({
    scheduleId: hold.scheduleId,
    ...(hold.name !== undefined && { name: hold.name }),
    heldBy: holderOf(hold),
    until: hold.until.toISOString(),
  })),
  blockedStops: status.blockedStops ?? null,
  blind: status.blind,
  attention: status.attention,
  openIntents: status.openIntents,
  recipients: notified?.recipients ?? null,
  notified: notified?.says ?? null,
});

export const status: Command = {
  name: "status",
  about: "Is it guarding? One screen, and an exit code for cron",
  options: {
    within: {
      value: "SPAN",
      default: "3m",
      about: "How old the last complete tick may be: three periods of your schedule (default: 3m)",
    },
  },
  examples: [
    ["status", "the last complete tick, the policy, what is paused, near its limit, or calls for you"],
    ["status --json --within 15m", "the same for a program, on a schedule of every five minutes"],
  ],
  notes:
    "It reads the tables, with --stack how many recipients the topic has, and at Apify names of Actors that the tables don't know. Exit code 0: the watchdog is alive and nothing calls for a person, whether or not it is paused or only observes. 1: no complete tick in that time, or an attention that no one has acknowledged, or the tables can't be read. 2: wrong usage.",
  async run({ args, terminal, paint, connect, signal, answer, pasteable }) {
    const withinMs = args.duration("within") ?? ALIVE_WITHIN_MS;
    const connection = await connect();
    const { ports } = connection;
    const isOver = connection.isWatched === false;
    const status = await readStatus(ports, { withinMs, isOver });
    const exempted = status.exemptions.flatMap(({ subject }) =>
      subject?.kind === "actor" ? [subject.id] : [],
    );
    const near = status.runs.slice(0, MOST_RUNS).map(({ live }) => live.run.actorId);
    const nameOf = await actorNames(connection, [...near, ...exempted, ...actorsOf(status.budgets)], signal);
    const notified = await notifiedBy(connection);
    if (args.flag("json")) answer(json(status, notified, nameOf));
    else {
      const look = { columns: terminal.columns, paint, now: ports.clock.now(), nameOf, isOver, pasteable };
      for (const line of statusLines(status, notified, look)) terminal.out(line);
    }
    return status.alive && status.attention.length === 0 ? 0 : 1;
  },
};
