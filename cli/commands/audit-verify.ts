import { type Verifiable, type Verification, verifyAll } from "../../src/watchdog/audit/verify/verify.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Command } from "../command.ts";
import { type Terminal, wrapped } from "../show/terminal.ts";
import { count } from "../show/words.ts";

/** Every so many entries it shows how far it is. */
const OFTEN = 1_000;

/** The tables, telling how far their reader has come. */
function watched({ audit, ...others }: Verifiable, terminal: Terminal): Verifiable {
  let entries = 0;
  const told: Verifiable["audit"] = {
    async *all() {
      for await (const entry of audit.all()) {
        if (++entries % OFTEN === 1)
          terminal.progress(`reading the audit (${count(entries, "entry", "entries")})`);
        yield entry;
      }
    },
    heads: () => audit.heads(),
    readChain: (chain) => {
      terminal.progress(`verifying ${chain} (${count(entries, "entry", "entries")} read)`);
      return audit.readChain(chain);
    },
  };
  return { audit: told, ...others };
}

/** What is no finding, and should be known all the same. */
function* restLines(
  { openIntents, unboundPolicies, checkpoints }: Verification,
  hasLog: boolean,
): Generator<string> {
  for (const { runId, intentId, at } of openIntents)
    yield `Still open: the stop of run ${runId} since ${minuteOf(at)} UTC (${intentId.slice(0, 8)}).`;
  if (unboundPolicies.length > 0)
    yield `Pushed before entries held the document, so taken as stored: policy version ${unboundPolicies.join(", ")}.`;
  if (checkpoints) {
    const { count: made, from, to } = checkpoints;
    yield `Held against ${count(made, "checkpoint")} outside of the tables, which vouch for entries from ${minuteOf(from)} to ${minuteOf(to)} UTC.`;
  } else if (hasLog)
    yield "There is no checkpoint yet: who can write to both tables could have rewritten all of it.";
}

export const auditVerify: Command = {
  name: "audit verify",
  about: "Recompute every hash chain, and hold control and policies against them: what was changed?",
  examples: [
    ["audit verify", "0 when all of it stands as written, 1 when not"],
    ["audit verify --json", "the same for a program, each finding with its place"],
  ],
  async run({ args, terminal, paint, connect, answer }) {
    const { ports } = await connect();
    const result = await verifyAll(watched(ports, terminal));
    terminal.progress(undefined);
    const { chains, entries, findings, withoutHead } = result;
    const say = (text: string, dress?: (line: string) => string): void =>
      terminal.out(wrapped(text, terminal.columns, dress));
    const sound = findings.length === 0;
    if (args.flag("json")) answer({ verified: sound, ...result });
    else if (sound) {
      const size = `${count(entries, "entry", "entries")} in ${count(chains, "chain")}`;
      say(`verified  ${size}: none changed, removed, reordered or cut off.`, (line) =>
        line.replace(/^verified/, (word) => paint("green", word)),
      );
      if (withoutHead > 0)
        say(`Of ${count(withoutHead, "chain")} the end is not vouched for: a cut would not show.`);
      for (const line of restLines(result, ports.checkpoints !== undefined)) say(line);
    } else {
      terminal.out(paint(["bold", "red"], `NOT verified: ${count(findings.length, "finding")}`));
      for (const { chain, sequence, problem } of findings)
        say(`  ${chain}${sequence === undefined ? "" : ` ${sequence}`}: ${problem}`);
    }
    return sound ? 0 : 1;
  },
};
