import { type Connection, targetText } from "../command.ts";
import type { Args } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";
import { CALLS } from "../package.ts";
import type { Terminal } from "../show/terminal.ts";
import { type Chosen, chooseTarget } from "./choose.ts";
import { localFolder } from "./local-folder.ts";
import { readRemembered } from "./remembered.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What the tables of `npm start` call the one account that they hold. */
const LOCAL_ACCOUNT = "default";

const NO_TABLES = `Which tables? Give one of
  --stack NAME   those of a deployed stack; so does WATCHDOG_STACK=NAME
  --local        those that ${CALLS.start} leaves in a folder; here are none
  STATE_TABLE and AUDIT_TABLE in the environment
A stack for every command from now on: ${CALLS.watchdog} use NAME
A pretend account in this folder: ${CALLS.start}
A limit tried on your account, with APIFY_TOKEN alone: ${CALLS.watchdog} scan --max-usd-per-run 5`;

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

/** The tables that are meant, and no others. */
async function open(args: Args, env: Env, terminal: Terminal): Promise<Connection> {
  const account = args.text("account");
  const written = { stack: args.text("stack"), local: args.flag("local"), account };
  const chosen = chooseTarget(written, env, () => readRemembered(env));
  if (chosen.kind !== "folder") {
    const { connectAws } = await import("./connect-aws.ts");
    const warn = (message: string, fields?: Readonly<Record<string, unknown>>): void =>
      terminal.err(`${message}${fields?.error ? `: ${fields.error}` : ""}`);
    const { stack, account: meant } = chosen.kind === "stack" ? chosen : { stack: undefined, account };
    return from(chosen, await connectAws(env, { stack, account: meant }, { info: () => undefined, warn }));
  }
  if (account !== undefined && account !== LOCAL_ACCOUNT) {
    throw new UsageError(
      `--account ${account}: the tables of ${CALLS.start} hold one account, ${LOCAL_ACCOUNT}. Leave it out, or name with --stack, or STATE_TABLE and AUDIT_TABLE, the tables that have it.`,
    );
  }
  if (!written.local && localFolder(env) === undefined) throw new UsageError(NO_TABLES);
  const { connectLocal } = await import("./connect-local.ts");
  return from(chosen, await connectLocal(env));
}

/** The connection with what named its target. */
const from = (chosen: Chosen, connection: Connection): Connection => {
  if (chosen.kind === "environment" || chosen.from === undefined) return connection;
  return { ...connection, target: { ...connection.target, from: chosen.from } };
};
