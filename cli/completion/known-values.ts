import { holdsOf, leftOf } from "../../src/watchdog/model/holds/sources.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import { type Command, type Connection, commandOf } from "../command.ts";
import { Args } from "../options/args.ts";

type Kind = "run" | "actor" | "rule" | "schedule";

/** Commands whose first word is a run. */
const OF_A_RUN: readonly string[] = ["explain", "abort", "undo", "judge", "audit show"];

/** Commands whose first word is a schedule. */
const OF_A_SCHEDULE: readonly string[] = ["hold", "release"];

/** A key press waits for no longer. */
const PATIENCE_MS = 3_000;

/**
 * The runs that are live or were just stopped, the names of their Actors or schedules (those that are held too), or the rules in force: asks
 * nothing but the tables.
 */
async function known(kind: Kind, { ports }: Connection): Promise<readonly string[]> {
  const control = await ports.state.readControl();
  if (kind === "rule") {
    const inForce = await policyInForce(ports, control);
    return inForce?.policy.rules.map(({ id }) => id) ?? [];
  }
  const { runs } = await ports.state.readLive();
  if (kind === "schedule") {
    const live = [...runs.values()].flatMap(({ run }) => run.scheduleId ?? []);
    const ours = [...holdsOf(control), ...leftOf(control)];
    const all = [...new Set([...live, ...ours.map(({ scheduleId }) => scheduleId)])];
    const kept = await ports.state.readNames("schedule", all);
    const held = new Map(ours.map(({ scheduleId, name }) => [scheduleId, name]));
    return all.map((id) => kept.get(id)?.name ?? held.get(id) ?? id);
  }
  if (kind === "run")
    return [...new Set([...runs.keys(), ...control.recentIntents.map(({ runId }) => runId)])];
  const ids = [...new Set([...runs.values()].map(({ run }) => run.actorId))];
  const names = await ports.state.readNames("actor", ids);
  return ids.map((id) => names.get(id)?.name ?? id);
}

/** What a shell takes as it stands: some expand what they complete, and a name may be anything. */
const isPlain = (value: string): boolean => /^\w[\w./~@-]*$/.test(value);

const isKind = (word: string): word is Kind => ["run", "actor", "rule", "schedule"].includes(word);

/** Of which kind the word at the cursor is, as far as the tables know such words. */
function kindAt(words: readonly string[], command: Command | undefined): Kind | undefined {
  const option = /^--(\w+)$/.exec(words.at(-2) ?? "")?.[1];
  if (option !== undefined && command?.options?.[option]?.value !== undefined)
    return isKind(option) ? option : undefined;
  const isFirst = command !== undefined && words.length === command.name.split(" ").length + 1;
  if (!isFirst) return undefined;
  if (OF_A_SCHEDULE.includes(command.name)) return "schedule";
  return OF_A_RUN.includes(command.name) ? "run" : undefined;
}

/** Which tables the line names. */
function targetIn(words: readonly string[]): Args {
  const behind = (name: string): string | undefined => {
    const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (at < 0) return undefined;
    const [, joined] = words[at]?.split("=") ?? [];
    // Bash takes the sign for a word of its own.
    return joined ?? (words[at + 1] === "=" ? words[at + 2] : words[at + 1]);
  };
  const local = words.includes("--local") && { local: true };
  return new Args({ stack: behind("stack"), account: behind("account"), ...local });
}

/**
 * What may stand at the cursor where the tables know it, or an option takes only some words; `undefined` where the parser knows.
 * `words`: those of the line behind the program's name, the one at the cursor last. Throws nothing: what can't be asked is
 * not known.
 */
export async function knownValues(
  words: readonly string[],
  commands: readonly Command[],
  connect: (args: Args) => Promise<Connection>,
): Promise<readonly string[] | undefined> {
  const command = commandOf(words, commands);
  const option = /^--([\w-]+)$/.exec(words.at(-2) ?? "")?.[1] ?? "";
  const place = words.length - 1 - (command?.name.split(" ").length ?? 0);
  const choices = command?.options?.[option]?.choices ?? command?.positionals?.[place]?.choices;
  if (choices) return choices;
  const kind = kindAt(words, command);
  if (kind === undefined) return undefined;
  let connection: Connection | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    setTimeout(() => resolve([]), PATIENCE_MS).unref();
  });
  const asked = async (): Promise<readonly string[]> => {
    connection = await connect(targetIn(words));
    return known(kind, connection);
  };
  try {
    return (await Promise.race([asked(), late])).filter(isPlain);
  } catch {
    return [];
  } finally {
    await connection?.close();
  }
}
