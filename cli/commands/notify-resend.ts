import type { Command } from "../command.ts";
import { courierIn } from "../target/courier-in.ts";

export const notifyResend: Command = {
  name: "notify resend",
  about: "Send again what the channels gave up",
  examples: [["notify resend", "repair the channel first: notify test says which one fails"]],
  notes: "What was given up goes back into the channel's queue, and is tried as if it were new.",
  async run({ args, terminal, connect, answer }) {
    const courier = courierIn(await connect());
    const channels = await courier.resend();
    if (args.flag("json")) answer({ channels });
    else {
      for (const { channel, again, problem } of channels) {
        const done = again === 0 ? "nothing was given up" : `about ${again} on their way again`;
        terminal.out(`${channel}: ${problem === undefined ? done : `FAILED: ${problem}`}`);
      }
    }
    return channels.every(({ problem }) => problem === undefined) ? 0 : 1;
  },
};
