import { MOST_REASON } from "../../src/policy/index.ts";
import { subjectMeant } from "../../src/watchdog/overrule/exempt.ts";
import { endExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { type Command, FORCE } from "../command.ts";
import { SUBJECT_OPTIONS, subjectOf, subjectText } from "../options/subject-options.ts";
import { UsageError } from "../options/usage-error.ts";

export const exemptEnd: Command = {
  name: "exempt end",
  about: "End an exemption before its time",
  options: {
    ...SUBJECT_OPTIONS,
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    ...FORCE,
  },
  examples: [
    ['exempt end --run $RUN --reason "the crawl is done"', "from the next tick on its rules stop it again"],
    ['exempt end --actor acme/shop --reason "relaunch is over"', "by the Actor's name"],
  ],
  writes: () => true,
  async run({ args, terminal, connect, signal, answer }) {
    const wish = subjectOf(args);
    const reason = args.required("reason", MOST_REASON);
    const { ports, operator, hasApify } = await connect();
    const meant = await subjectMeant(ports, wish, { signal, canAsk: hasApify });
    if (meant.kind === "unknown") throw new UsageError(meant.why);
    const { subject, name } = meant;
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
