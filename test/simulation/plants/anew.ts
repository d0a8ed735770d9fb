import type { SourcePlant } from "./planting.ts";

const one = (about: string, file: string, from: string, to: string): SourcePlant => ({
  about,
  changes: [{ file, from, to }],
});

/** Bugs of every kind of promise, by which it is measured how soon the worlds show one. */
export const ANEW_PLANTS: Readonly<Record<string, SourcePlant>> = {
  "closed-while-aborting": one(
    "takes a run on its way out for ended, and closes its intent",
    "src/watchdog/stop/ladder.ts",
    "  if (isEnded(look.status)) return",
    "  if (isEnded(look.status) || isStopping(look.status)) return",
  ),
  "life-kept": one(
    "goes on with the time of the life before when a run was resurrected",
    "src/watchdog/observe/remember.ts",
    "  const fresh = (number: number): Life => ({ number, since: observedAt, looks: {} });",
    "  const fresh = (number: number): Life => ({ number, since: run.startedAt, looks: {} });",
  ),
  "queue-counts": one(
    "counts the time in the queue as run time",
    "src/watchdog/observe/remember.ts",
    '  if (run.status === "READY") return { ...life, readyUntil: observedAt };\n',
    "",
  ),
  "hour-halved": one(
    "forgets stops after half an hour where perHour counts them",
    "src/policy/judge/blast/stopped.ts",
    "intents.filter(({ at }) => now.getTime() - at.getTime() < HOUR_MS)",
    "intents.filter(({ at }) => now.getTime() - at.getTime() < HOUR_MS / 2)",
  ),
  "stale-readings": one(
    "acts on a reading however old",
    "src/watchdog/observe/look.ts",
    "ageMs >= 0 && ageMs <= FRESH_MS;",
    "ageMs >= 0;",
  ),
  "held-in-silence": one(
    "says nothing of a stop that a guard holds",
    "src/watchdog/stop/stop.ts",
    "    await say(performing, decision, observation, refOf(inForce));\n    return",
    '    if (decision.action !== "hold") await say(performing, decision, observation, refOf(inForce));\n    return',
  ),
  "pause-unsaid": one(
    "calls nobody to a pause without an end",
    "src/watchdog/tick/attention/of-control.ts",
    "    pause && pause.until === undefined",
    "    pause && pause.until === undefined && false",
  ),
  "attests-one": one(
    "looks after one open intent a tick",
    "src/watchdog/stop/attest.ts",
    "    [...due.keys()],",
    "    [...due.keys()].slice(0, 1),",
  ),
  "force-never": one(
    "never forces",
    "src/watchdog/stop/ladder.ts",
    "  if (isReached && isDue && !isClaimedByAnother(input))",
    "  if (isReached && isDue && !isClaimedByAnother(input) && false)",
  ),
  "exempt-too-short": one(
    "takes an exemption for over two minutes before its end",
    "src/policy/judge/guards.ts",
    "  return !(now >= until) &&",
    "  return !(now.getTime() >= until.getTime() - 120_000) &&",
  ),
  "days-of-utc": one(
    "takes the days of every time zone for those of UTC",
    "src/policy/spend/calendar.ts",
    "formatOf(timeZone).formatToParts(ms)",
    'formatOf("UTC").formatToParts(ms)',
  ),
  "complete-all-the-same": one(
    "says that it was complete although a stop was not taken",
    "src/watchdog/tick/heartbeat.ts",
    "    complete: saw && !isGrave && !untaken,",
    "    complete: saw && !isGrave,",
  ),
  "reached-early": one(
    "takes a step for reached at nine tenths of its share",
    "src/policy/judge/weigh.ts",
    "reaches(figure.value, step.at, limit)",
    "reaches(figure.value, step.at * 0.9, limit)",
  ),
  "observed-unbounded": one(
    "counts no observed stop in the caps (seen with --twins)",
    "src/policy/judge/decide.ts",
    "const held = guard ?? rooms[mode].take(observation);",
    'const held = guard ?? (mode === "observe" ? undefined : rooms[mode].take(observation));',
  ),
};
