import type { TrueSchedule } from "../../../emulator/index.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { acknowledge } from "../../../src/watchdog/policies/acknowledge.ts";
import { pause, resume } from "../../../src/watchdog/policies/operate.ts";
import { pushPolicy } from "../../../src/watchdog/policies/policies.ts";
import type { TickOptions } from "../../../src/watchdog/tick/open.ts";
import { orderHold, orderRelease } from "../../../src/watchdog/tick/outside.ts";
import type { Random } from "../random.ts";
import type { Document } from "../world/document.ts";
import { sourcePolicy } from "./world.ts";

const MINUTE = 60_000;
const BY = "arn:aws:iam::123456789012:user/omar";

const patiently = (ports: Ports): TickOptions => ({
  signal: new AbortController().signal,
  endsBy: new Date(ports.clock.now().getTime() + 2 * MINUTE),
});

const ACTS = [
  ...(["hold", "hold", "release", "release", "release"] as const),
  ...(["raise", "without", "back", "new", "observe"] as const),
  ...(["exempt", "exempt", "pause", "resume", "acknowledge"] as const),
];

/** Policies with larger limits, and without what holds. */
const raised = (policy: Document, factor: number): Document => ({
  ...policy,
  rules: policy.rules.map((rule) =>
    rule.budget
      ? {
          ...rule,
          budget: Object.fromEntries(
            Object.entries(rule.budget).map(([key, value]) => [
              key,
              typeof value === "number" ? Math.ceil(value * factor * 100) / 100 : value,
            ]),
          ) as typeof rule.budget,
        }
      : rule,
  ),
});

function withoutHolds(policy: Document): Document {
  const { loop: _loop, ...guards } = policy.guards;
  const rules = policy.rules.flatMap((rule) => {
    const steps = rule.steps.filter((step) => step.do !== "hold");
    return steps.length > 0 ? [{ ...rule, steps }] : [];
  });
  const some = { id: "time-9", limit: { runTime: "3h" }, steps: [{ at: "100%", do: "abort" }] };
  return { ...policy, guards, rules: rules.length > 0 ? rules : [some] };
}

/** What operators do about schedules, each as a command of its own, over the same use cases as the command line. */
export class Orders {
  readonly #random: Random;
  readonly #first: Document;
  readonly #onRelease: (scheduleId: string) => void;
  #policy: Document;

  constructor(random: Random, policy: Document, onRelease: (scheduleId: string) => void) {
    this.#random = random;
    this.#first = policy;
    this.#policy = policy;
    this.#onRelease = onRelease;
  }

  /** One act, drawn now, about this schedule where it is about one. */
  async act(ports: Ports, schedule: TrueSchedule): Promise<unknown> {
    const random = this.#random;
    const soon = (most: number): Date => new Date(ports.clock.now().getTime() + random.int(1, most) * MINUTE);
    const order = { scheduleId: schedule.id, by: BY, reason: "it is needed so" };
    const what = random.pick(ACTS);
    switch (what) {
      case "hold":
        return orderHold(ports, order, soon(20), patiently(ports));
      case "release":
        this.#onRelease(schedule.id);
        return orderRelease(ports, order, patiently(ports));
      case "exempt":
        return grantExemption(ports, { ...this.#exemption(random, schedule), until: soon(15) }, BY);
      case "pause":
        return pause(ports, { by: BY, reason: "not now", until: soon(8) });
      case "resume":
        return resume(ports, BY, "go on");
      case "acknowledge": {
        const id = `left:${schedule.id}`;
        return acknowledge(ports, { id, by: BY, reason: "it is known", until: soon(15) });
      }
      default:
        this.#policy = this.#pushed(what);
        return pushPolicy(ports, this.#policy, BY);
    }
  }

  #pushed(what: "raise" | "without" | "back" | "new" | "observe"): Document {
    const policy = this.#policy;
    if (what === "raise") return raised(policy, this.#random.pick([2, 10]));
    if (what === "without") return withoutHolds(policy);
    if (what === "new") return sourcePolicy(this.#random);
    if (what === "back") return this.#first;
    return { ...policy, mode: policy.mode === "observe" ? "enforce" : "observe" };
  }

  #exemption(random: Random, { actorIds, taskIds }: TrueSchedule) {
    const rules = [...this.#policy.rules.map(({ id }) => id), "guards.loop"];
    const subject = random.pick([
      { kind: "rule" as const, id: random.pick(rules) },
      { kind: "actor" as const, id: actorIds[0] ?? "" },
      taskIds[0] === undefined
        ? { kind: "actor" as const, id: actorIds[0] ?? "" }
        : { kind: "task" as const, id: taskIds[0] },
    ]);
    return { subject, owner: "omar", reason: "it is needed" };
  }
}
