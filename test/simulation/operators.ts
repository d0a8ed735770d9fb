import type { TrueRun } from "../../emulator/index.ts";
import { endExemption, grantExemption } from "../../src/watchdog/exemptions.ts";
import { pause, pushPolicy, resume } from "../../src/watchdog/operate.ts";
import type { Ports } from "../../src/watchdog/ports.ts";
import type { Random } from "./random.ts";
import { type Document, revised } from "./world/policies.ts";

const MINUTE = 60_000;
const WHO = "arn:aws:iam::123456789012:user/olga";

type Subject = Parameters<typeof endExemption>[1];

/** What an operator may do on a day: each as a command of its own, over the same use cases as the command line. */
export class Operators {
  readonly #random: Random;
  readonly #runs: () => readonly TrueRun[];
  #policy: Document;
  #exempted: Subject[] = [];

  constructor(random: Random, policy: Document, runs: () => readonly TrueRun[]) {
    this.#random = random;
    this.#policy = policy;
    this.#runs = runs;
  }

  /** One action, drawn now. It may fail: then the operator sees an error and goes home. */
  async act(ports: Ports): Promise<unknown> {
    const random = this.#random;
    switch (random.pick(["push", "push", "pause", "resume", "grant", "grant", "end"] as const)) {
      case "push":
        this.#policy = revised(random, this.#policy);
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
}
