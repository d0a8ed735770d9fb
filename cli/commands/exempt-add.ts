import {
  type Exemption,
  formatUsd,
  isEnded,
  isStop,
  type MicroUsd,
  MOST_OWNER,
  MOST_REASON,
  type Rule,
  toUsd,
} from "../../src/policy/index.ts";
import type { ValidExemption } from "../../src/watchdog/model/exemption.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { coverageOf, type Resolved, resolveSubject } from "../../src/watchdog/overrule/exempt.ts";
import { grantExemption, MOST_EXEMPT_MS } from "../../src/watchdog/overrule/exemptions.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS, confirmed } from "../confirm.ts";
import { untilOf } from "../options/span-options.ts";
import { SUBJECT_OPTIONS, subjectOf, subjectText } from "../options/subject-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { untilText } from "../show/when.ts";
import { count } from "../show/words.ts";

const replacedText = (replaced: Exemption): string => {
  if (replaced.kind === "malformed") return `one that could not be read (${replaced.problem})`;
  const { until, owner, reason, ceilingMicroUsd } = replaced;
  const ceiling = ceilingMicroUsd === undefined ? "" : ` or ${formatUsd(ceilingMicroUsd)}`;
  return `the one until ${minuteOf(until)} UTC${ceiling} (${owner}: ${reason})`;
};

/** Where the rule begins to stop, of one that limits what a run costs. */
function stopsAt(rule: Rule | undefined): MicroUsd | undefined {
  if (rule?.limit?.metric !== "usageTotalUsd") return undefined;
  const first = rule.steps.find(isStop);
  return first && (rule.limit.value * first.at) / 100;
}

/** A ceiling that the run has reached already, or that the rule never stops below, would protect nothing. */
function checkCeiling({ run, rule }: Resolved & { kind: "resolved" }, ceiling: MicroUsd | undefined): void {
  const [cost, limit] = [run?.usageTotalMicroUsd, stopsAt(rule)];
  if (ceiling === undefined) return;
  if (cost !== undefined && ceiling <= cost)
    throw new UsageError(
      `--ceiling: the run has cost ${formatUsd(cost)}, so a ceiling of ${formatUsd(ceiling)} is reached already.`,
    );
  if (rule && limit !== undefined && ceiling <= limit)
    throw new UsageError(
      `--ceiling: the rule ${rule.id} stops at ${formatUsd(limit)}, so ${formatUsd(ceiling)} raises nothing.`,
    );
}

/** What it covers now, as far as the tables tell. */
async function coverage(ports: Ports, exemption: ValidExemption) {
  const { covered, beyond } = await coverageOf(ports, exemption);
  const stopping = covered.filter(({ intent }) => intent).length;
  return { covered: covered.map(({ live }) => live.run.id), beyond: beyond.length, stopping };
}

function* coverageLines(
  { covered, beyond, stopping }: Awaited<ReturnType<typeof coverage>>,
  { run }: Resolved & { kind: "resolved" },
): Generator<string> {
  const is = covered.length === 1 ? "is" : "are";
  yield `${count(covered.length, "live run")} ${is} covered, as the last tick saw them.`;
  if (beyond > 0) yield `${count(beyond, "more has", "more have")} reached the ceiling, and can be stopped.`;
  if (stopping > 0) {
    yield `${count(stopping, "of them is", "of them are")} being stopped: where Apify was called already, that goes on.`;
  }
  if (run && isEnded(run.status)) {
    yield `The run is ${run.status}: this matters only once it is resurrected. To take a stop back: watchdog undo ${run.id} --until 6h --reason "…"`;
  }
}

export const exemptAdd: Command = {
  name: "exempt add",
  about: "Promise not to stop a run, an Actor, a task or what a rule stops, until a time",
  options: {
    ...SUBJECT_OPTIONS,
    until: {
      value: "WHEN",
      required: true,
      about: "When it ends: a span (24h), a day (friday) or a time; 90 days at most",
    },
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    owner: { value: "WHO", about: "Who answers for it (default: you)" },
    ceiling: { value: "USD", about: "It ends for a run whose cost reaches this" },
    ...ASKS,
    ...FORCE,
  },
  examples: [
    ['exempt add --run $RUN --until 6h --reason "month-end crawl"', "no rule stops this run for six hours"],
    [
      "exempt add --actor acme/shop --until 3d --ceiling 40 --reason sale",
      "its runs may cost up to 40 USD each",
    ],
    [
      "exempt add --rule no-run-over-5-usd --actor acme/shop --ceiling 40 --until friday --reason sale",
      "that rule lets the Actor's runs cost up to 40 USD each; its other rules stay as they are",
    ],
    ["exempt add --rule no-run-over-5-usd --until 2h --reason prices --yes", "one rule stops nothing"],
  ],
  notes:
    "With --rule alone it asks first, or takes --yes: the whole rule stops nothing then, and that calls for attention. Beside --actor, --task or --run it lifts that rule alone. It replaces an exemption of the same subject, and says so. It beats every mode and, without --rule, every rule and aborts by hand; what exempt runs cost still counts. Its end is announced once and written in the audit.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, signal, answer } = invocation;
    const wish = subjectOf(args);
    const [reason, until] = [args.required("reason", MOST_REASON), args.required("until")];
    const ceilingMicroUsd = args.usd("ceiling");
    const wishedOwner = args.text("owner", MOST_OWNER);
    const { ports, operator, hasApify } = await connect();
    const now = ports.clock.now();
    const end = await untilOf(until, ports, MOST_EXEMPT_MS);
    const resolved = await resolveSubject(ports, wish, { signal, canAsk: hasApify });
    if (resolved.kind === "unknown") {
      if (wish.kind !== "run") throw new UsageError(resolved.why);
      terminal.err(resolved.why);
      return 1;
    }
    checkCeiling(resolved, ceilingMicroUsd);
    const { subject, name, byName, note } = resolved;
    const upTo =
      ceilingMicroUsd === undefined ? "" : ` or until a run has cost ${formatUsd(ceilingMicroUsd)}`;
    const time = `${untilText(end, now)}${upTo}`;
    const plan = [
      subject.kind === "rule"
        ? `The rule ${subject.id} stops nothing ${time}.`
        : `Not stopped ${time}: ${subjectText(subject, name)}.`,
    ];
    const question = `Exempt all that the rule ${subject.id} would stop`;
    if (subject.kind === "rule" || args.flag("dry-run")) {
      const code = await confirmed(invocation, { plan, question, told: { exempt: false } });
      if (code !== undefined) return code;
    }
    const by = await operator();
    const owner = wishedOwner ?? by;
    const ceiling = ceilingMicroUsd === undefined ? {} : { ceilingMicroUsd };
    const named = byName === undefined ? {} : { name: byName };
    const granting = { subject, ...named, until: end, owner, reason, ...ceiling };
    const { exemption, replaced } = await grantExemption(ports, granting, by);
    // It is granted: a policy that can't be read must not make it look otherwise.
    const covers = await coverage(ports, exemption).catch(() => undefined);
    if (args.flag("json")) {
      const told = {
        subject,
        name: name ?? null,
        until: end.toISOString(),
        ceilingUsd: ceilingMicroUsd === undefined ? null : toUsd(ceilingMicroUsd),
        owner,
        reason,
        by,
        replaced: replaced ? replacedText(replaced) : null,
        covered: covers?.covered ?? null,
        note: note ?? null,
      };
      answer(told);
      return 0;
    }
    terminal.out(`Exempt: ${subjectText(subject, name)}, ${time}, for ${owner}.`);
    if (replaced) terminal.out(`It replaces ${replacedText(replaced)}.`);
    for (const line of covers ? coverageLines(covers, resolved) : [])
      terminal.out(invocation.pasteable(line));
    if (note) terminal.err(note);
    return 0;
  },
};
