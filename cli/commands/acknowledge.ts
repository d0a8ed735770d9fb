import { MOST_REASON, nearest } from "../../src/policy/index.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import {
  acknowledge as acknowledgeAttention,
  MOST_ACKNOWLEDGED_MS,
} from "../../src/watchdog/policies/acknowledge.ts";
import { attentionId } from "../../src/watchdog/policies/acknowledged.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS, confirmed } from "../confirm.ts";
import { UsageError } from "../options/usage-error.ts";
import { untilText } from "../show/when.ts";

const WEEK_MS = 7 * 86_400_000;
const ID = /^[a-z][\w.:-]*$/;

/** A slip in an id quiets nothing, and looks as if it did. */
async function unheardOf(ports: Ports, id: string): Promise<readonly string[]> {
  const { heartbeat } = await ports.state.readLive();
  const ids = (heartbeat?.attention ?? []).map(attentionId);
  if (ids.includes(id)) return [];
  const guess = nearest(id, ids);
  const reported = ids.length > 0 ? `It reported ${ids.join(", ")}.` : "It reported none.";
  return [`The last tick reported no ${id}. ${guess ? `Did you mean ${guess}?` : reported}`];
}

export const acknowledge: Command = {
  name: "acknowledge",
  about: "Quiet one attention for a time",
  positionals: [{ name: "id", about: "The word that the attention begins with, for example weaker:pause" }],
  options: {
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    for: { value: "SPAN", about: "For how long: 30d at most (default: 7d)" },
    ...ASKS,
    ...FORCE,
  },
  examples: [
    ['acknowledge weaker:pause --reason "till Friday" --for 3d --yes', "the alarm is quiet for three days"],
  ],
  notes:
    "The tick report and the alarm for attention leave it out until then, and nothing else changes: what was weakened stays so. A new pause, exemption or policy calls again.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, answer } = invocation;
    const reason = args.required("reason", MOST_REASON);
    const id = attentionId(args.required("id"));
    if (!ID.test(id))
      throw new UsageError(`<id>: got "${id}", wanted the id of an attention, for example weaker:pause.`);
    const forMs = args.duration("for") ?? WEEK_MS;
    if (forMs > MOST_ACKNOWLEDGED_MS) throw new UsageError("--for: wanted 30d at most.");
    const { ports, operator } = await connect();
    const now = ports.clock.now();
    const until = new Date(now.getTime() + forMs);
    const unheard = await unheardOf(ports, id);
    const plan = [`${id} is quiet ${untilText(until, now)}. What it says stays so.`, ...unheard];
    const code = await confirmed(invocation, { plan, question: `Quiet ${id}`, told: { acknowledged: null } });
    if (code !== undefined) return code;
    const by = await operator();
    await acknowledgeAttention(ports, { id, by, reason, until });
    const isReported = unheard.length === 0;
    if (args.flag("json"))
      answer({ acknowledged: id, by, reason, until: until.toISOString(), reported: isReported });
    else terminal.out(`${id} is quiet ${untilText(until, now)}, by ${by}.`);
    if (args.flag("yes")) for (const line of unheard) terminal.err(line);
    return 0;
  },
};
