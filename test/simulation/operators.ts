import type { TrueRun } from "../../emulator/index.ts";
import { fill } from "../../src/watchdog/ledger/backfill.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { resolveSubject } from "../../src/watchdog/overrule/exempt.ts";
import { endExemption, grantExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { acknowledge } from "../../src/watchdog/policies/acknowledge.ts";
import { attentionId } from "../../src/watchdog/policies/acknowledged.ts";
import { pause, resume } from "../../src/watchdog/policies/operate.ts";
import { pushBehind, pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { rollbackTarget } from "../../src/watchdog/policies/rollback.ts";
import type { TickOptions } from "../../src/watchdog/tick/open.ts";
import { orderAbort, orderUndo } from "../../src/watchdog/tick/outside.ts";
import type { Fate } from "./process/process.ts";
import type { Random } from "./random.ts";
import type { Document } from "./world/document.ts";
import { type Kinds, revised } from "./world/policies.ts";

const MINUTE = 60_000;
const WHO = "arn:aws:iam::123456789012:user/olga";

type Subject = Parameters<typeof endExemption>[1];

const patiently = (ports: Ports): TickOptions => ({
  signal: new AbortController().signal,
  endsBy: new Date(ports.clock.now().getTime() + 2 * MINUTE),
});

/** Puts the version before in force again, as `policy rollback` does. */
async function rollBack(ports: Ports): Promise<unknown> {
  const { policyVersion: seen } = await ports.state.readControl();
  const target = await rollbackTarget(ports, undefined);
  if (target.kind !== "found") return undefined;
  const { document, version } = target.policy;
  return pushBehind(ports, { document, by: WHO, seen, rolledBackTo: version });
}

type Wish = Omit<Parameters<typeof grantExemption>[1], "subject" | "name">;

/** Exempts what is called so, as `exempt add --actor NAME` does. */
async function exemptByName(ports: Ports, name: string, wish: Wish): Promise<unknown> {
  const asking = { signal: new AbortController().signal, canAsk: true };
  const found = await resolveSubject(ports, { kind: "actor", id: name }, asking);
  if (found.kind !== "resolved") return undefined;
  const { subject, byName } = found;
  return grantExemption(ports, { subject, ...(byName !== undefined && { name: byName }), ...wish }, WHO);
}

/** What an operator may do on a day: each as a command of its own, over the same use cases as the command line. */
export class Operators {
  readonly #random: Random;
  readonly #runs: () => readonly TrueRun[];
  /** The entries of stops, the latest last. */
  readonly #stops: () => readonly string[];
  readonly #kinds: Kinds;
  #policy: Document;
  #exempted: Subject[] = [];

  constructor(
    random: Random,
    { policy, ...kinds }: Kinds & { readonly policy: Document },
    { runs, stops }: { readonly runs: () => readonly TrueRun[]; readonly stops: () => readonly string[] },
  ) {
    this.#random = random;
    this.#stops = stops;
    this.#policy = policy;
    this.#kinds = kinds;
    this.#runs = runs;
  }

  /** One action, drawn now. It may fail: then the operator sees an error and goes home. */
  async act(ports: Ports): Promise<unknown> {
    const random = this.#random;
    switch (
      random.pick([
        ...(["push", "push", "pause", "resume", "grant", "grant", "end", "undo", "undo"] as const),
        ...(["abort", "abort", "roll back", "fill"] as const),
      ])
    ) {
      case "push":
        this.#policy = revised(random, this.#policy, this.#kinds);
        return pushPolicy(ports, this.#policy, WHO);
      case "pause": {
        const until = new Date(ports.clock.now().getTime() + random.int(1, 15) * MINUTE);
        return pause(ports, { by: WHO, reason: "a migration", ...(random.chance(0.8) && { until }) });
      }
      case "resume":
        return resume(ports, WHO, "the migration is over");
      case "grant":
        return this.#grant(ports);
      case "end":
        return this.#end(ports);
      case "undo":
        return this.undo(ports);
      case "abort":
        return this.#abort(ports);
      case "roll back":
        return rollBack(ports);
      case "fill": {
        const since = new Date(ports.clock.now().getTime() - random.pick([1, 20, 100]) * 60 * MINUTE);
        return fill(ports, since, new AbortController().signal);
      }
    }
  }

  /** What somebody does who sees what is about to become of a run. */
  async about(ports: Ports, run: TrueRun): Promise<unknown> {
    const random = this.#random;
    switch (random.pick(["grant", "grant", "grant", "pause", "observe", "abort", "anything"] as const)) {
      case "grant":
        return this.#grant(ports, [run]);
      case "pause": {
        const until = new Date(ports.clock.now().getTime() + random.int(1, 6) * MINUTE);
        return pause(ports, { by: WHO, reason: "not now", until });
      }
      case "observe":
        this.#policy = { ...this.#policy, mode: this.#policy.mode === "observe" ? "enforce" : "observe" };
        return pushPolicy(ports, this.#policy, WHO);
      case "abort":
        return this.#abort(ports, [run]);
      case "anything":
        return this.act(ports);
    }
  }

  /** What somebody does who wants a run left alone, at once: nothing else is asked before it is written down. */
  forbid(ports: Ports, { id }: TrueRun): Promise<unknown> {
    const random = this.#random;
    const until = new Date(ports.clock.now().getTime() + random.int(1, 6) * MINUTE);
    if (random.chance(0.3)) return pause(ports, { by: WHO, reason: "not now", until });
    const subject: Subject = { kind: "run", id };
    this.#exempted.push(subject);
    return grantExemption(ports, { subject, until, owner: "olga", reason: "it is needed" }, WHO);
  }

  #grant(ports: Ports, runs = this.#runs()): Promise<unknown> | undefined {
    const random = this.#random;
    if (runs.length === 0) return undefined;
    const { id, actorId, actorName } = random.pick(runs);
    const { id: ruleId } = random.pick(this.#policy.rules);
    const subject = random.pick<Subject>([
      { kind: "run", id },
      { kind: "run", id, ruleId },
      { kind: "actor", id: actorId },
      { kind: "rule", id: ruleId },
    ]);
    this.#exempted.push(subject);
    const until = new Date(ports.clock.now().getTime() + random.int(1, 30) * MINUTE);
    const ceiling = random.chance(0.3) && { ceilingMicroUsd: random.int(1, 8) * 500_000 };
    const wish = { until, owner: "olga", reason: "it is needed", ...ceiling };
    if (subject.kind === "actor" && random.chance(0.5)) return exemptByName(ports, actorName, wish);
    return grantExemption(ports, { subject, ...wish }, WHO);
  }

  /** Stops a run by hand, whatever the rules say of it. */
  #abort(ports: Ports, runs = this.#runs()): Promise<unknown> | undefined {
    const random = this.#random;
    const live = runs.filter(({ lives }) => lives.at(-1)?.endStatus === undefined);
    if (live.length === 0) return undefined;
    const { id } = random.pick(live);
    const order = { by: WHO, reason: "it is not needed" };
    return orderAbort(ports, id, order, patiently(ports));
  }

  #end(ports: Ports): Promise<unknown> | undefined {
    const subject = this.#exempted.pop();
    return subject && endExemption(ports, subject, { by: WHO, reason: "it is needed no more" });
  }

  /** Takes a stop back: one of the last ones, for the same is often tried again. */
  undo(ports: Ports): Promise<unknown> | undefined {
    const random = this.#random;
    const stops = this.#stops().slice(-2);
    if (stops.length === 0) return undefined;
    const now = ports.clock.now().getTime();
    return orderUndo(
      ports,
      {
        entryId: random.pick(stops),
        by: WHO,
        reason: "it was needed",
        until: new Date(now + random.int(1, 30) * MINUTE),
        ...(random.chance(0.3) && { ceilingMicroUsd: random.int(1, 30) * 500_000 }),
        ...(random.chance(0.3) && { timeoutSecs: random.int(60, 1_200) }),
      },
      patiently(ports),
    );
  }

  /** Quiets one of the attentions that the last tick wrote down, as `acknowledge ID --for` does. */
  async quiet(ports: Ports, random: Random): Promise<unknown> {
    const { attention = [] } = (await ports.state.readLive()).heartbeat ?? {};
    if (attention.length === 0) return undefined;
    const until = new Date(ports.clock.now().getTime() + random.int(1, 20) * MINUTE);
    return acknowledge(ports, {
      ...{ id: attentionId(random.pick(attention)), by: WHO },
      ...{ reason: "it is known", until },
    });
  }

  /** How the process of the next command dies, if it does. */
  fate(): Fate | undefined {
    const random = this.#random;
    const stage = random.pick(["before", "after", "answered"] as const);
    if (!random.chance(0.25)) return undefined;
    if (random.chance(0.5)) return { atCall: random.int(0, 30), stage };
    return { on: random.pick(["POST", "append exemption", "append run.undone"]), atCall: 0, stage };
  }
}
