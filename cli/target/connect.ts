import { type Connection, targetText } from "../command.ts";
import type { Args } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";
import { CALLS } from "../package.ts";
import type { Terminal } from "../show/terminal.ts";
import { localFolder } from "./local-folder.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What the tables of `npm start` call the one account that they hold. */
const LOCAL_ACCOUNT = "default";

const NO_TABLES = `Which tables? Give one of
  --stack NAME                 a deployed stack: its outputs name them
  STATE_TABLE and AUDIT_TABLE  in the environment
  --local                      those that ${CALLS.start} leaves here; there are none yet: run ${CALLS.start} first
To try a limit on your account you need none of them, only APIFY_TOKEN: ${CALLS.watchdog} scan --max-usd-per-run 5`;

/** Tells which watchdog it is that answers; in JSON the answer itself has it. */
async function introduce(connection: Connection, args: Args, terminal: Terminal): Promise<Connection> {
  // Tables that can't be read are the command's to complain of.
  const control = await connection.ports.state.readControl().catch(() => undefined);
  const target = {
    ...connection.target,
    ...(control?.apifyUserId !== undefined && { apifyUser: control.apifyUserId }),
  };
  if (!args.flag("json")) terminal.err(`Target: ${targetText(target)}`);
  return { ...connection, target };
}

/** Opens the tables, and says which. */
export const connect = async (args: Args, env: Env, terminal: Terminal): Promise<Connection> =>
  introduce(await open(args, env, terminal), args, terminal);

/** The stack's, or npm start's, or those in the environment; else npm start's if there are any. */
async function open(args: Args, env: Env, terminal: Terminal): Promise<Connection> {
  const stack = args.text("stack");
  const local = args.flag("local");
  if (stack && local) throw new UsageError("--stack and --local name two sets of tables: use one of them.");
  const inEnv = Boolean(env.STATE_TABLE || env.AUDIT_TABLE);
  if (stack || (inEnv && !local)) {
    const { connectAws } = await import("./connect-aws.ts");
    const warn = (message: string, fields?: Readonly<Record<string, unknown>>): void =>
      terminal.err(`${message}${fields?.error ? `: ${fields.error}` : ""}`);
    return connectAws(env, { stack, account: args.text("account") }, { info: () => undefined, warn });
  }
  const account = args.text("account");
  if (account !== undefined && account !== LOCAL_ACCOUNT) {
    throw new UsageError(
      `--account ${account}: the tables of ${CALLS.start} hold one account, ${LOCAL_ACCOUNT}. Leave it out, or say with --stack or STATE_TABLE and AUDIT_TABLE which tables have it.`,
    );
  }
  if (!local && localFolder(env) === undefined) throw new UsageError(NO_TABLES);
  const { connectLocal } = await import("./connect-local.ts");
  return connectLocal(env);
}
