import { type Command, targetText } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { CALLS } from "../package.ts";
import { type Remembered, readRemembered, remember } from "../target/remembered.ts";

const inWords = ({ stack, account }: Remembered): string =>
  `stack ${stack}${account === undefined ? "" : `, account ${account}`}`;

/** What stands before the default in this shell. */
const BEFORE = ["WATCHDOG_STACK", "STATE_TABLE", "AUDIT_TABLE"];

export const use: Command = {
  name: "use",
  about: "The default stack, for commands that name none: show it, set it, or clear it",
  positionals: [{ name: "stack", about: "The tables of this CloudFormation stack", optional: true }],
  options: { none: { about: "Take the default back" } },
  examples: [
    ["use RunWatchdog", "from now on commands mean this stack, and say so"],
    ["use", "which one is it?"],
    ["use --none", "commands name their stack again"],
  ],
  notes: `It is kept in your own settings, on this machine: $XDG_CONFIG_HOME or ~/.config, on Windows %APPDATA%. --stack, --local, WATCHDOG_STACK, and STATE_TABLE with AUDIT_TABLE stand before it; it stands before what ${CALLS.start} left in a folder. The stack is looked up first, so one that is not there is not kept.`,
  async run({ args, terminal, env, connect, answer, pasteable }) {
    const stack = args.text("stack");
    const asJson = args.flag("json");
    if (args.flag("none")) {
      if (stack !== undefined) throw new UsageError(`use: leave out ${stack}, or --none.`);
      remember(env, undefined);
      if (asJson) answer({ default: null });
      else terminal.out("No default target: commands name theirs by --stack NAME.");
      return 0;
    }
    if (stack !== undefined) {
      const { target } = await connect();
      const kept = { stack, account: target.account };
      remember(env, kept);
      if (asJson) answer({ default: kept });
      else terminal.out(`Commands that name no target mean this one from now on: ${targetText(target)}.`);
      return 0;
    }
    const kept = readRemembered(env);
    const before = BEFORE.filter((name) => env[name]);
    if (asJson) {
      answer({ default: kept ?? null, before });
      return 0;
    }
    terminal.out(
      kept
        ? `Commands that name no target mean ${inWords(kept)}.`
        : pasteable("No default target is set. To set one: watchdog use NAME"),
    );
    if (before.length > 0)
      terminal.out(
        `In this shell ${before.join(" and ")} ${before.length === 1 ? "stands" : "stand"} before it.`,
      );
    return 0;
  },
};
