import type { ControlAt } from "../control-plane.ts";
import type { SeenTick } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { appliesTo, limitOf } from "../policy-text.ts";
import { WRONG_MS } from "../readings.ts";

type Finding = readonly [promise: string, text: string, whose: string];

/** A tick reads the control state once, soon after its first answer. What moves within this of it may be before or after. */
const READ_MS = 2_000;
/** So near to its end an exemption may count as over by one clock and not by another. */
const NEAR_MS = 2 * 60_000;
/** A lack is told after it was there in so many ticks. */
const TICKS = 3;

const isSaid = ({ attention = [] }: SeenTick, id: string): boolean =>
  attention.some((each) => each === id || each.startsWith(`${id} `));

/** Has a person quieted it, for all of the time? `undefined`: for a part of it. */
function isQuieted({ quieted }: ControlAt, id: string, fromMs: number, toMs: number): boolean | undefined {
  const untilMs = quieted[id] ?? Number.NEGATIVE_INFINITY;
  return untilMs < fromMs - NEAR_MS ? false : untilMs > toMs + NEAR_MS ? true : undefined;
}

/** Does it call for a person? `undefined`: nobody can say. */
function calls(holds: boolean | undefined, isQuiet: boolean | undefined): boolean | undefined {
  if (holds === false || isQuiet === true) return false;
  return holds && isQuiet === false ? true : undefined;
}

/** Each tick says what protection a person took away, for as long as it is away, and not a tick longer. */
export function* checkWeakened(know: Knowledge): Generator<Finding> {
  for (const tick of know.history.ticks.values()) {
    const { by, startedAtMs, endedAtMs, attention } = tick;
    if (attention === undefined || startedAtMs === undefined || endedAtMs === undefined) continue;
    // Whose clock is wrong goes no further, and says that.
    if (attention.some((each) => each.startsWith("clock:"))) continue;
    const [fromMs, toMs] = [know.clockOf(by, startedAtMs), know.clockOf(by, endedAtMs)];
    // Whose clock is wrong says so, and nothing of what hangs on the time.
    if (Math.max(Math.abs(fromMs - startedAtMs), Math.abs(toMs - endedAtMs)) > WRONG_MS) continue;
    const states = know.control.between(startedAtMs - READ_MS, endedAtMs);
    const rules = new Set(
      states.flatMap(({ exemptions }) =>
        exemptions.flatMap(({ subject }) => (subject.kind === "rule" ? [subject.id] : [])),
      ),
    );
    const conditions: readonly (readonly [string, (state: ControlAt) => boolean | undefined])[] = [
      ["weaker:pause", ({ pausedUntilMs }) => pausedUntilMs === Number.POSITIVE_INFINITY],
      ...[...rules].map((id) => [`weaker:exempt:${id}`, isExemptRule(id, fromMs, toMs)] as const),
    ];
    for (const [id, holds] of conditions) {
      const held = new Set(states.map((state) => calls(holds(state), isQuieted(state, id, fromMs, toMs))));
      if (held.size !== 1 || held.has(undefined)) continue;
      if (held.has(true) && !isSaid(tick, id))
        yield ["P11", `it did not say ${id}, which was so all the while`, by];
      if (held.has(false) && isSaid(tick, id))
        yield ["P11", `it said ${id}, which was not so at any time`, by];
    }
  }
}

const isExemptRule =
  (ruleId: string, fromMs: number, toMs: number) =>
  ({ exemptions }: ControlAt): boolean | undefined => {
    const found = exemptions.find(({ subject }) => subject.kind === "rule" && subject.id === ruleId);
    if (found === undefined || found.untilMs < fromMs - NEAR_MS) return false;
    return found.untilMs > toMs + NEAR_MS ? true : undefined;
  };

/** A stop that Apify refuses for want of a permission is said by the tick that met it, and by no other. */
export function* checkForbidden({ history }: Knowledge): Generator<Finding> {
  for (const tick of history.ticks.values()) {
    const { by, attention, endedAtMs = 0 } = tick;
    if (attention === undefined) continue;
    const refused = history.calls.filter(
      (call) => call.by === by && call.kind === "abort" && call.status === 403,
    );
    for (const { runId, refusedAs, deliveredAtMs = Number.POSITIVE_INFINITY } of refused) {
      const isPlain = refusedAs !== undefined && deliveredAtMs <= endedAtMs;
      if (isPlain && !isSaid(tick, `permission: run ${runId}`))
        yield ["P8", `it did not say that Apify refuses to stop run ${runId}`, by];
    }
    for (const each of attention) {
      const [, runId] = /^permission: run (\S+)/.exec(each) ?? [];
      if (runId !== undefined && !refused.some((call) => call.runId === runId))
        yield ["P8", `it said that Apify refuses to stop run ${runId}, which it did not ask for`, by];
    }
  }
}

/** What calls for a person in a calm is said by its last ticks, and what is over is said no more. */
export function* checkAttentionAtRest(know: Knowledge, calmFromMs: number): Generator<Finding> {
  const calm = [...know.history.ticks.values()]
    .filter(({ startedAtMs = 0, how }) => startedAtMs > calmFromMs && how === "done")
    .slice(-TICKS);
  const last = calm.at(-1);
  if (last?.attention === undefined || calm.length < TICKS) return;
  const blind = untoldRuns(know, calm);
  const rule = ruleOnCost(know, blind);
  if (rule && !isSaid(last, "blind:cost"))
    yield ["P11", `it does not say that rule ${rule} is told no cost of run ${blind[0]?.id}`, last.by];
  if (isSaid(last, "blind:cost") && !isUntoldIn(know, last))
    yield ["P11", "it says that no cost is reported, and of every run one is", last.by];
  if (isSaid(last, "held:") && !holdsAnything(know, last))
    yield ["P11", "it says that stops stay held, and none that lives was ever held", last.by];
}

/** Runs that were shown running, and without a cost, to each of these ticks, and of which none was ever told. */
function untoldRuns({ history, readings }: Knowledge, ticks: readonly SeenTick[]) {
  return history.truth.runs().filter(({ id, lives }) => {
    const shown = readings.of(id);
    if (
      lives.at(-1)?.endStatus !== undefined ||
      shown.some(({ usageTotalUsd }) => usageTotalUsd !== undefined)
    )
      return false;
    return ticks.every(({ by }) => {
      const own = shown.filter((each) => each.by === by);
      return own.length > 0 && own.every(({ status }) => status === "RUNNING");
    });
  });
}

/** A rule whose steps all rest on the cost as it is told. */
function ruleOnCost({ control }: Knowledge, runs: ReturnType<typeof untoldRuns>): string | undefined {
  const document = control.document(control.now.policyVersion);
  const rules = document?.rules.filter((rule) => {
    const isOfCost = limitOf(rule).metric === "usageTotalUsd" && rule.schedule === undefined;
    return isOfCost && rule.steps.every(({ basis, schedule }) => !basis && !schedule);
  });
  const plain = rules?.filter((rule) => Object.keys(rule.for ?? {}).every((key) => key === "origins"));
  return plain?.find((rule) => runs.some((run) => appliesTo(rule, run)))?.id;
}

const isUntoldIn = ({ history, readings }: Knowledge, { by }: SeenTick): boolean =>
  history.truth
    .runs()
    .some(({ id }) => readings.of(id).some((each) => each.by === by && each.usageTotalUsd === undefined));

/** Was a stop of a run that this tick was shown ever told to be held? */
function holdsAnything({ history, readings }: Knowledge, { by }: SeenTick): boolean {
  const held = history.entries.flatMap(({ chain, text }) =>
    text.includes('"kind":"abort.held"') ? [chain.replace("run#", "")] : [],
  );
  return held.some((id) => readings.of(id).some((each) => each.by === by));
}
