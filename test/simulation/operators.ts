import type { TrueRun } from "../../emulator/index.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { endExemption, grantExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { pause, resume } from "../../src/watchdog/policies/operate.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { orderUndo } from "../../src/watchdog/tick/outside.ts";
import type { Fate } from "./process/process.ts";
import type { Random } from "./random.ts";
import type { Document } from "./world/document.ts";
import { type Kinds, revised } from "./world/policies.ts";

const MINUTE = 60_000;
const WHO = "arn:aws:iam::123456789012:user/olga";

type Subject = Parameters<typeof endExemption>[1];

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
      random.pick(["push", "push", "pause", "resume", "grant", "grant", "end", "undo", "undo"] as const)
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
    }
  }

  #grant(ports: Ports): Promise<unknown> | undefined {
    const random = this.#random;
    const runs = this.#runs();
    if (runs.length === 0) return undefined;
    const { id, actorId } = random.pick(runs);
    const { id: ruleId } = random.pick(this.#policy.rules);
    const subject = random.pick<Subject>([
      { kind: "run", id },
      { kind: "run", id },
      { kind: "actor", id: actorId },
      { kind: "rule", id: ruleId },
    ]);
    this.#exempted.push(subject);
    const until = new Date(ports.clock.now().getTime() + random.int(1, 30) * MINUTE);
    const ceiling = random.chance(0.3) && { ceilingMicroUsd: random.int(1, 8) * 500_000 };
    return grantExemption(ports, { subject, until, owner: "olga", reason: "it is needed", ...ceiling }, WHO);
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
      { signal: new AbortController().signal, endsBy: new Date(now + 2 * MINUTE) },
    );
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
