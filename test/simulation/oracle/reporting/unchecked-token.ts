import type { History, SeenCall } from "../history.ts";

type Finding = readonly [promise: string, text: string];

/** A list that stands in for `users/me` is tried so often at most. */
const MOST_LISTS = 2;

/**
 * Whose a token is must be known before anything else is asked with it: by `users/me` or, where that does not tell it, by
 * one list of runs. Each process asks for itself.
 */
export class UncheckedTokens {
  readonly #known = new Map<string, SeenCall[]>();
  readonly #askedMs: NonNullable<History["askedWhoseMs"]>;

  constructor({ askedWhoseMs = () => undefined }: Pick<History, "askedWhoseMs">) {
    this.#askedMs = askedWhoseMs;
  }

  *check(call: SeenCall): Generator<Finding> {
    const before = this.#known.get(call.by) ?? [];
    this.#known.set(call.by, [...before, call]);
    if (call.kind === "user" || before.some((each) => tells(each, call.leftAtMs))) return;
    const askedMs = this.#askedMs(call.by) ?? before.find(({ kind }) => kind === "user")?.leftAtMs;
    const hasAsked = askedMs !== undefined && askedMs <= call.leftAtMs;
    const lists = before.filter(({ kind }) => kind === "list").length;
    if (call.kind === "list" && hasAsked && lists < MOST_LISTS) return;
    yield ["P1", `it asked for ${call.kind} on a token of which nobody had told it whose it is`];
  }
}

/** Had its sender been told by then whose the token is? A list without runs names nobody. */
function tells(
  { kind, status, shown = {}, deliveredAtMs = Number.POSITIVE_INFINITY }: SeenCall,
  byMs: number,
) {
  if (status !== 200 || deliveredAtMs > byMs) return false;
  return kind === "user" || (kind === "list" && Object.keys(shown).length > 0);
}
