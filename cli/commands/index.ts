import type { Command } from "../command.ts";

/**
 * Every command there is, by its name, each loaded when it is needed. A new one is a file beside this and a line here; the
 * help shows them in this order.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  status: async () => (await import("./status.ts")).status,
  doctor: async () => (await import("./doctor.ts")).doctor,
  drill: async () => (await import("./drill.ts")).drill,
  scan: async () => (await import("./scan.ts")).scan,
  tick: async () => (await import("./tick.ts")).tick,
  runs: async () => (await import("./runs.ts")).runs,
  explain: async () => (await import("./explain.ts")).explain,
  console: async () => (await import("./console.ts")).console,
  spend: async () => (await import("./spend.ts")).spend,
  suggest: async () => (await import("./suggest.ts")).suggest,
  backtest: async () => (await import("./backtest.ts")).backtest,
  report: async () => (await import("./report.ts")).report,
  overshoot: async () => (await import("./overshoot.ts")).overshoot,
  sources: async () => (await import("./sources.ts")).sources,
  hold: async () => (await import("./hold.ts")).hold,
  release: async () => (await import("./release.ts")).release,
  abort: async () => (await import("./abort.ts")).abort,
  undo: async () => (await import("./undo.ts")).undo,
  judge: async () => (await import("./judge.ts")).judge,
  pause: async () => (await import("./pause.ts")).pause,
  acknowledge: async () => (await import("./acknowledge.ts")).acknowledge,
  resume: async () => (await import("./resume.ts")).resume,
  "exempt add": async () => (await import("./exempt-add.ts")).exemptAdd,
  "exempt list": async () => (await import("./exempt-list.ts")).exemptList,
  "exempt end": async () => (await import("./exempt-end.ts")).exemptEnd,
  "policy validate": async () => (await import("./policy-validate.ts")).policyValidate,
  "policy test": async () => (await import("./policy-test.ts")).policyTest,
  "policy schema": async () => (await import("./policy-schema.ts")).policySchema,
  "policy show": async () => (await import("./policy-show.ts")).policyShow,
  "policy list": async () => (await import("./policy-list.ts")).policyList,
  "policy observed": async () => (await import("./policy-observed.ts")).policyObserved,
  "policy diff": async () => (await import("./policy-diff.ts")).policyDiff,
  "policy push": async () => (await import("./policy-push.ts")).policyPush,
  "policy rollback": async () => (await import("./policy-rollback.ts")).policyRollback,
  "audit list": async () => (await import("./audit-list.ts")).auditList,
  "audit show": async () => (await import("./audit-show.ts")).auditShow,
  "audit verify": async () => (await import("./audit-verify.ts")).auditVerify,
  "notify test": async () => (await import("./notify-test.ts")).notifyTest,
  "notify resend": async () => (await import("./notify-resend.ts")).notifyResend,
  backfill: async () => (await import("./backfill.ts")).backfill,
  use: async () => (await import("./use.ts")).use,
  start: async () => (await import("./start.ts")).start,
  completion: async () => (await import("./completion.ts")).completion,
  emulator: async () => (await import("./emulator.ts")).emulator,
};

/** All of them: what the help, a completion and an answer to a mistake need. */
export const allCommands = (): Promise<readonly Command[]> =>
  Promise.all(Object.values(COMMANDS).map((load) => load()));

/** Those that a command line needs: the one that it names, none for the version, else all. */
export async function commandsFor(argv: readonly string[]): Promise<readonly Command[]> {
  if (argv.length === 1 && ["--version", "-v"].includes(argv[0] ?? "")) return [];
  const name = [argv.slice(0, 2).join(" "), argv[0] ?? ""].find((each) => Object.hasOwn(COMMANDS, each));
  const load = name === undefined ? undefined : COMMANDS[name];
  return load ? [await load()] : allCommands();
}
