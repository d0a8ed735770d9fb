import type { Asking } from "../../console/server/asking.ts";
import type { Command, Invocation, Target } from "../command.ts";
import { openConsole } from "../console/open-console.ts";
import { UsageError } from "../options/usage-error.ts";
import { browse } from "../show/browse.ts";

/** How long the tables may take to say which they are; the console then says on its page what is the matter with them. */
const FIRST_MS = 4_000;
const MOST_PORT = 65_535;

/** Asks once, so that a target that there is none of is said here; else says which it is. Returns what is wrong with it. */
async function wrongTarget(asking: Asking, { signal, aim }: Invocation): Promise<string | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(FIRST_MS)]);
  const { code, json, said } = await asking.ask(["status"], patience);
  const { target } = (json ?? {}) as { readonly target?: Target };
  if (target !== undefined) aim(target);
  return code === 2 ? said : undefined;
}

export const console: Command = {
  name: "console",
  about: "One page in your browser that stays up to date: what is live, spent, stopped and due",
  options: {
    act: { about: "Let the page stop runs, let them run, pause and so on; without it, it only shows" },
    port: { value: "N", about: "The port on 127.0.0.1 (default: any that is free)" },
    open: { about: "Open it in your browser, too" },
  },
  examples: [
    ["console", "prints the address to open; Ctrl-C ends it"],
    ["console --act --port 8020", "with what stops runs and lets them run"],
  ],
  notes:
    "It is served on 127.0.0.1 alone. The address that it prints works once, in one browser: what it gives there lasts until the console ends. It asks the same commands that you would type, with your rights, on the tables that any command here would take; each act needs a reason, shows first what it would do, and is in the audit under your name. While no page is open it reads nothing.",
  endsItself: true,
  async run(invocation) {
    const { args, terminal, env, signal, answer } = invocation;
    const port = args.count("port") ?? 0;
    if (port > MOST_PORT) throw new UsageError(`--port: got ${port}, wanted ${MOST_PORT} at most.`);
    const canAct = args.flag("act");
    const asking = invocation.asking();
    const wrong = await wrongTarget(asking, invocation);
    if (wrong !== undefined) throw new UsageError(wrong);
    const { url, close } = await openConsole({ asking, port, canAct });
    try {
      if (args.flag("json")) answer({ url, act: canAct }, 0);
      else terminal.out([`Console: ${url}`, "It works once, in one browser. Ctrl-C ends the console."]);
      if (args.flag("open") && !(await browse(url, env))) terminal.err("No browser could be opened here.");
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    } finally {
      await close();
    }
    return 0;
  },
};
