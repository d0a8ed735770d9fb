import { type Verifiable, verifyAll } from "../../src/watchdog/audit/verify.ts";
import type { Command } from "../command.ts";
import { type Terminal, wrapped } from "../show/terminal.ts";
import { count } from "../show/words.ts";

const YEARS_MS = 400 * 86_400_000;

/** The audit, telling how far its reader has come. */
function watched(audit: Verifiable, terminal: Terminal): Verifiable {
  let chains = 0;
  return {
    list: (span) => audit.list(span),
    heads: () => audit.heads(),
    readChain: (chain) => {
      terminal.progress(`verifying ${chain} (${count(++chains, "chain")} read)`);
      return audit.readChain(chain);
    },
  };
}

export const auditVerify: Command = {
  name: "audit verify",
  about: "Recompute every hash chain: was an entry changed, removed or cut?",
  examples: [
    ["audit verify", "0 when all of it stands as written, 1 when not"],
    ["audit verify --json", "the same for a program, each finding with its place"],
  ],
  async run({ args, terminal, paint, connect }) {
    const { ports } = await connect();
    const to = ports.clock.now();
    const from = new Date(to.getTime() - YEARS_MS);
    const result = await verifyAll(watched(ports.audit, terminal), { from, to });
    terminal.progress(undefined);
    const { chains, entries, findings, withoutHead } = result;
    const say = (text: string, dress?: (line: string) => string): void =>
      terminal.out(wrapped(text, terminal.columns, dress));
    const sound = findings.length === 0;
    if (args.flag("json")) terminal.data(JSON.stringify({ verified: sound, ...result }, null, 2));
    else if (sound) {
      const size = `${count(entries, "entry", "entries")} in ${count(chains, "chain")}`;
      say(`verified  ${size}: none changed, removed, reordered or cut off.`, (line) =>
        line.replace(/^verified/, (word) => paint("green", word)),
      );
      if (withoutHead > 0)
        say(`Of ${count(withoutHead, "chain")} the end is not vouched for: a cut would not show.`);
    } else {
      terminal.out(paint(["bold", "red"], `NOT verified: ${count(findings.length, "finding")}`));
      for (const { chain, sequence, problem } of findings)
        say(`  ${chain}${sequence === undefined ? "" : ` ${sequence}`}: ${problem}`);
    }
    return sound ? 0 : 1;
  },
};
