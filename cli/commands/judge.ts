import { MOST_REASON } from "../../src/policy/index.ts";
import { type Judged, VERDICTS } from "../../src/watchdog/audit/verdicts.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type JudgeResult, judgeStop } from "../../src/watchdog/overrule/judge-stop.ts";
import { type Command, FORCE, type Invocation } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";

const BEGAN = {
  "abort.intended": "",
  "abort.observed": ", which was only observed",
  "abort.held": ", which a guard held",
} as const satisfies Readonly<Record<Judged["stopKind"], string>>;

const COUNTS = {
  right: "That run counts as no wrong stop, even though it may have succeeded.",
  wrong: "That run counts as a wrong stop, however it ended.",
  planned: "That run counts as no wrong stop. The next time, exempt such a run before it starts.",
} as const satisfies Readonly<Record<Judged["verdict"], string>>;

const by = ({ ruleId }: Judged): string => (ruleId === undefined ? "by hand" : `by rule ${ruleId}`);

function* judgedLines({ judged, isNew, before }: Extract<JudgeResult, { kind: "judged" }>) {
  const { runId, stoppedAt, stopKind, verdict } = judged;
  const stop = `the stop of run ${runId} ${by(judged)}, ${minuteOf(stoppedAt)} UTC${BEGAN[stopKind]}`;
  if (isNew) yield `Judged ${verdict}: ${stop}.`;
  else yield `It was judged ${verdict} already, in the same words: ${stop}. Nothing was written.`;
  if (before)
    yield `This takes the place of ${before.verdict}, by ${before.by}, ${minuteOf(before.at)} UTC: ${before.reason}. The audit keeps both.`;
  yield COUNTS[verdict];
}

const json = (result: JudgeResult, { pasteable }: Pick<Invocation, "pasteable">) => {
  if (result.kind === "refused") return { judged: false, reason: result.reason, why: pasteable(result.why) };
  const { judged, before, isNew } = result;
  const { ruleId = null, actorId: _actor, actorTaskId: _task, supersedes: _before, ...rest } = judged;
  return {
    judged: true,
    written: isNew,
    ...rest,
    ruleId,
    supersedes: before ? { entryId: before.entryId, verdict: before.verdict, by: before.by } : null,
  };
};

export const judge: Command = {
  name: "judge",
  about: "Say whether a stop was right: for back-tests, reports and whoever reads the audit",
  positionals: [
    {
      name: "stop",
      about: "A run, for its last stop; or an entry of the stop, 6 digits of its id or more",
    },
    { name: "verdict", about: "right, wrong or planned", choices: VERDICTS },
  ],
  options: {
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    ...FORCE,
  },
  examples: [
    ['judge $RUN right --reason "it crawled the calendar"', "it had to be stopped"],
    ['judge $ENTRY wrong --reason "the shop has grown"', "it was healthy, and the limit is too low"],
    ['judge $RUN planned --reason "month-end crawl"', "it was meant to be that large"],
  ],
  notes:
    "Of a stop that was carried out, only observed or held. Nothing is stopped or started by it. Judged again, the last verdict counts, and the audit keeps all. watchdog audit list shows the runs and entries.",
  writes: () => true,
  async run(invocation) {
    const { args, terminal, connect, answer } = invocation;
    const id = args.required("stop");
    const verdict = args.choice("verdict", VERDICTS);
    if (verdict === undefined) throw new UsageError(`<verdict> is missing: ${VERDICTS.join(", ")}.`);
    const reason = args.required("reason", MOST_REASON);
    const { ports, operator } = await connect();
    const result = await judgeStop(ports, { id, verdict, reason, by: await operator() });
    if (args.flag("json")) answer(json(result, invocation));
    else if (result.kind === "refused") terminal.err(result.why);
    else for (const line of judgedLines(result)) terminal.out(line);
    return result.kind === "judged" ? 0 : 1;
  },
};
