import { randomUUID } from "node:crypto";
import type { Tried } from "../../src/watchdog/notify/try-channels.ts";
import type { Command } from "../command.ts";
import { count } from "../show/words.ts";
import { courierIn } from "../target/courier-in.ts";

/** Nobody who could get it has confirmed: it was taken, and arrives nowhere. */
const reachesNone = ({ reaches }: Tried): boolean => reaches === 0;
const isGood = (tried: Tried): boolean => tried.taken && !reachesNone(tried);

function lineOf(tried: Tried): string {
  const { channel, taken, says, reaches, backlog } = tried;
  const whom =
    reaches === undefined
      ? ""
      : reachesNone(tried)
        ? "; no subscriber has confirmed yet, so it arrives nowhere"
        : `; ${count(reaches, "subscriber")} confirmed`;
  const waits =
    backlog === undefined || (backlog.waiting === 0 && backlog.givenUp === 0)
      ? ""
      : `; ${backlog.waiting} waiting, ${backlog.givenUp} given up`;
  return `${channel}: ${taken ? "sent" : "NOT SENT"}: ${says}${whom}${waits}`;
}

export const notifyTest: Command = {
  name: "notify test",
  about: "Send a test through every channel, and say what came of each",
  examples: [["notify test", "ends with 1 where a channel doesn't take it, or reaches no one"]],
  notes:
    "The stack's own function sends it, past the queues, so that each channel's answer is known. Whether a mail arrives in an inbox, and what the rules of an event bus do with an event, can't be known from here.",
  async run({ args, terminal, connect, answer }) {
    const courier = courierIn(await connect());
    const channels = await courier.test(randomUUID());
    if (args.flag("json")) answer({ channels });
    else for (const tried of channels) terminal.out(lineOf(tried));
    return channels.every(isGood) ? 0 : 1;
  },
};
