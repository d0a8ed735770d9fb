import { shellWord } from "../../src/watchdog/notify/place.ts";
import type { Told } from "../api.ts";
import type { Asked, Asking } from "./asking.ts";
import { orderArgv } from "./orders.ts";

/** An undo may wait for one before it; then it is late, and not cut short. */
const MOST_MS = 150_000;

const quoted = (word: string): string => {
  const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  return option === undefined || value === undefined ? shellWord(word) : `${option} ${shellWord(value)}`;
};

type Answer = { readonly plan?: readonly string[]; readonly error?: { readonly message: string } };

function told({ code, json, said }: Asked, command: string, isPlan: boolean): Told {
  const { plan, error } = (json ?? {}) as Answer;
  const lines = plan ?? said.split("\n").filter((line) => line !== "");
  if (code === 0) return { done: !isPlan, command, lines };
  return { done: false, command, lines, refused: error?.message ?? (said || `It ended with ${code}.`) };
}

/**
 * What an order would do, by a dry run, or what became of it. It is the command that a person would type, with `--yes`, so
 * its checks and its audit are the same. Throws `Refusal` for an order that is none.
 */
export async function carryOut(
  order: unknown,
  asking: Asking,
  { isPlan }: { isPlan: boolean },
): Promise<Told> {
  const argv = orderArgv(order);
  const asked = await asking.ask([...argv, isPlan ? "--dry-run" : "--yes"], AbortSignal.timeout(MOST_MS));
  const line = asking.pasteable(`watchdog ${argv.map(quoted).join(" ")}`);
  return told(asked, line, isPlan);
}
