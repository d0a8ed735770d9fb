import type { Check } from "../../src/watchdog/health/checks/check.ts";
import { examine } from "../../src/watchdog/health/doctor.ts";
import { ALIVE_WITHIN_MS } from "../../src/watchdog/health/status.ts";
import { type Command, NOT_ALL_KNOWN } from "../command.ts";
import { checkLines, checkSummary, withPasteableFix } from "../lines/check-lines.ts";
import { CALLS } from "../package.ts";
import { checkRules } from "../policy/check-rules.ts";
import { deploymentOf } from "../target/deployment.ts";

const START = {
  stack: "see the checks function, function-errors and schedule",
  environment: "see whether the function runs: its log, its schedule, its alarms",
  folder: `start it: ${CALLS.start}`,
} as const;

export const doctor: Command = {
  name: "doctor",
  about: "Is it set up right? One check after the other, each with what to do",
  options: {
    within: {
      value: "SPAN",
      default: "3m",
      about: "How old the last complete tick may be: three periods of your schedule (default: 3m)",
    },
  },
  examples: [
    ["doctor", "token, clock, ticks, policy; of a stack also tables, function, schedule, alarms, recipients"],
    ["doctor --json", "the same for a program"],
  ],
  notes:
    "It only reads, and never aborts anything. Exit code 0: all is well; 1: a check failed, which a stack without a recipient is; 3: none failed, and one could not be made, for a permission that you lack, for example; 2: wrong usage. What each check looks at, and the permissions: docs/checking.md.",
  async run({ args, terminal, paint, connect, signal, answer, pasteable }) {
    const withinMs = args.duration("within") ?? ALIVE_WITHIN_MS;
    const connection = await connect();
    const { ports, hasApify, isWatched, pointer, target, tables } = connection;
    const asJson = args.flag("json");
    const checks: Check[] = [];
    const note = (found: Check): void => {
      const check = withPasteableFix(found, pasteable);
      checks.push(check);
      if (!asJson)
        for (const line of checkLines(check, { columns: terminal.columns, paint })) terminal.out(line);
      terminal.progress("asking");
    };
    const deployment = await deploymentOf(connection);
    const start = START[target.kind];
    const isOver = isWatched === false;
    const examined = { ports, hasApify, deployment, tables, stack: pointer, withinMs, start, isOver };
    terminal.progress("asking");
    for await (const check of examine(examined, signal)) note(check);
    if (hasApify) note(await checkRules(connection, signal));
    terminal.progress(undefined);
    if (asJson) answer({ checks });
    else {
      terminal.out(checkSummary(checks));
      if (target.kind === "environment")
        terminal.out("Function, schedule, alarms and recipients are checked with --stack NAME.");
    }
    if (checks.some(({ ok }) => ok === false)) return 1;
    return checks.some(({ ok }) => ok === null) ? NOT_ALL_KNOWN : 0;
  },
};
