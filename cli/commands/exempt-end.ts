import { type ExemptionSubject, MOST_REASON } from "../../src/policy/index.ts";
import { findExemption } from "../../src/watchdog/model/exemption.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { coverageOf, subjectMeant } from "../../src/watchdog/overrule/exempt.ts";
import { endExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS, confirmed } from "../confirm.ts";
import { SUBJECT_OPTIONS, subjectOf, subjectText } from "../options/subject-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { count } from "../show/words.ts";

/** Which exemption would end, and which live runs it covers now. */
async function planOf(ports: Ports, subject: ExemptionSubject, name: string | undefined) {
  const whose = subjectText(subject, name);
  const exemption = findExemption(await ports.state.readControl(), subject);
  if (exemption === undefined) return [`No exemption of ${whose} stands.`];
  if (exemption.kind === "malformed")
    return [`The exemption of ${whose} ends. It can't be read: ${exemption.problem}.`];
  const { until, owner, reason } = exemption;
  const { covered } = await coverageOf(ports, exemption);
  const runs = count(covered.length, "live run");
  return [
    `The exemption of ${whose} until ${minuteOf(until)} UTC ends now (${owner}: ${reason}).`,
    `It covers ${runs}: without it the next tick stops what breaches.`,
  ];
}

export const exemptEnd: Command = {
  name: "exempt end",
  about: "End an exemption before its time",
  options: {
    ...SUBJECT_OPTIONS,
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    ...ASKS,
    ...FORCE,
  },
  examples: [
    ['exempt end --run $RUN --reason "the crawl is done"', "from the next tick on its rules stop it again"],
    ['exempt end --actor acme/shop --reason "relaunch is over"', "by the Actor's name"],
  ],
  notes: "It does not ask: what ends is the exemption, and the next tick judges by the policy in force.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, signal, answer } = invocation;
    const wish = subjectOf(args);
    const reason = args.required("reason", MOST_REASON);
    const { ports, operator, hasApify } = await connect();
    const meant = await subjectMeant(ports, wish, { signal, canAsk: hasApify });
    if (meant.kind === "unknown") throw new UsageError(meant.why);
    const { subject, name } = meant;
    if (args.flag("dry-run")) {
      const plan = await planOf(ports, subject, name);
      const deed = { plan, question: "", told: { ended: false, subject } };
      const code = await confirmed(invocation, deed);
      if (code !== undefined) return code;
    }
    const by = await operator();
    const ended = await endExemption(ports, subject, { by, reason });
    if (args.flag("json")) answer({ ended: ended !== undefined, subject, by, reason });
    else if (ended) {
      terminal.out(
        `Ended by ${by}: ${subjectText(subject, name)} is no longer exempt; the next tick judges it.`,
      );
    } else
      terminal.err(
        `No exemption of ${subjectText(subject, name)} stands. Those that do: watchdog exempt list`,
      );
    return ended ? 0 : 1;
  },
};
