import type { Order, Told } from "../api.ts";
import type { Asked, Asking } from "./asking.ts";
import { deedLines } from "./deed-lines.ts";
import { orderArgv, orderTyped } from "./orders.ts";
import { askInTime } from "./part.ts";

/** An undo may wait for one before it; then it is late, and not cut short. */
const MOST_MS = 150_000;

type Answer = {
  readonly plan?: readonly string[];
  readonly error?: { readonly message: string };
  /** Why it was not done: in words, where the command has them. */
  readonly says?: string;
  readonly why?: string;
};

/** Why it was not done. A command that refuses says so in its JSON, or on standard error. */
function refusedOf({ code, json, said }: Asked): string | undefined {
  if (code === 0) return undefined;
  const { error, says, why } = (json ?? {}) as Answer;
  return says ?? why ?? error?.message ?? (said.trim() || `It ended with ${code} and did not say why.`);
}

/**
 * What an order would do, by a dry run, or what became of it. It is the command that a person would type, with `--yes`, so
 * its checks and its audit are the same. Throws `Refusal` for an order that is none.
 */
export async function carryOut(
  order: unknown,
  asking: Asking,
  { isPlan, mostMs = MOST_MS }: { readonly isPlan: boolean; readonly mostMs?: number },
): Promise<Told> {
  const argv = orderArgv(order, isPlan ? "--dry-run" : "--yes");
  const command = asking.pasteable(orderTyped(order));
  const asked = await askInTime(asking, argv, mostMs);
  if (asked.isLate && !isPlan) return { done: false, command, lines: [], unknown: asked.said };
  const refused = refusedOf(asked);
  if (refused !== undefined) return { done: false, command, lines: [], refused };
  const { plan = [] } = (asked.json ?? {}) as Answer;
  const lines = isPlan ? plan : deedLines((order as Order).act, asked.json);
  return { done: !isPlan, command, lines };
}
