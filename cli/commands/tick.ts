import { type Command, FORCE } from "../command.ts";
import { EVERY, looking } from "../policy/looking.ts";
import { actorNames } from "../target/names.ts";

export const tick: Command = {
  name: "tick",
  about: "Look at the live runs now and do what the policy in force says, stops included",
  options: { ...EVERY, ...FORCE },
  examples: [["tick", "one tick of the watchdog, as its schedule would"]],
  notes:
    "It does not ask: it is what the scheduled function does, and both may run at once. watchdog scan shows what it would do. Exit code 1: something is over a limit at which it is to be stopped.",
  endsItself: true,
  writes: () => true,
  run: (invocation) =>
    looking(invocation, async () => {
      const connection = await invocation.connect();
      const { ports, hasApify } = connection;
      // Says why there is none, before a tick begins.
      if (!hasApify) await ports.apify.checkUser(undefined, invocation.signal);
      return { ports, nameOf: (ids) => actorNames(connection, ids, invocation.signal) };
    }),
};
