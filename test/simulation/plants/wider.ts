import { addSpend, type Policy, type Rule } from "../../../src/policy/index.ts";
import type { Live } from "../../../src/watchdog/model/live.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import type { Plant } from "../process/ports.ts";

/** Planted bugs about rules beyond cost and time. */

/** Takes each event that Apify says nothing of for one that was charged very often. */
function guessingEvents(ports: Ports): Ports {
  const { apify } = ports;
  const readRun: typeof apify.readRun = async (runId, signal) => {
    const reading = await apify.readRun(runId, signal);
    if (reading.kind === "missing" || reading.run.detail === undefined) return reading;
    const { run } = reading;
    const events = { result: 9_000, page: 9_000, start: 9_000, ...run.detail?.events };
    return { ...reading, run: { ...run, detail: { stats: {}, ...run.detail, events } } };
  };
  return { ...ports, apify: { ...apify, readRun } };
}

const withoutSchedules = (policy: Policy): Policy => ({
  ...policy,
  rules: policy.rules.map(({ schedule: _schedule, ...rule }) => ({
    ...rule,
    steps: rule.steps.map(({ schedule: _ofStep, ...step }) => step),
  })) as readonly Rule[],
});

/** In what a process remembers: a document in the store that is not the one that was pushed is not used at all. */
function ignoringSchedules(ports: Ports): Ports {
  const { policies } = ports.memory;
  const keep = Map.prototype.set;
  policies.set = (version, inForce) =>
    keep.call(policies, version, { ...inForce, policy: withoutSchedules(inForce.policy) });
  return ports;
}

/** Adds what a run spent to the cells a second time whenever it is recorded again. */
const countingAgain = (ports: Ports): Ports => ({
  ...ports,
  state: {
    ...ports.state,
    writeLedger: (writes) =>
      ports.state.writeLedger(
        writes.map((write) => ({
          ...write,
          spend: write.expectedVersion === 0 ? write.spend : addSpend(write.spend, write.spend),
        })),
      ),
  },
});

/** Forgets to write down what a run spent since, when it ends. */
const losingTheEnd = (ports: Ports): Ports => ({
  ...ports,
  state: {
    ...ports.state,
    writeLedger: (writes) =>
      ports.state.writeLedger(writes.filter(({ record }) => record.settledAt === undefined)),
  },
});

const idleLooks = (looks: Readonly<Record<string, Date>>) =>
  Object.fromEntries(Object.entries(looks).filter(([key]) => key.startsWith("idleTime/")));

/** Puts back since when runs were idle, whatever the tick has seen of them since. */
function keepingIdle(ports: Ports): Ports {
  const { state } = ports;
  let before: Live["runs"] = new Map();
  const readLive = async (): Promise<Live> => {
    const live = await state.readLive();
    before = live.runs;
    return live;
  };
  const writeLive = (live: Live): Promise<void> => {
    const runs = [...live.runs].map(([id, run]) => {
      const known = before.get(id);
      if (known?.life.number !== run.life.number) return [id, run] as const;
      const looks = { ...run.life.looks, ...idleLooks(known.life.looks) };
      return [id, { ...run, life: { ...run.life, looks } }] as const;
    });
    return state.writeLive({ ...live, runs: new Map(runs) });
  };
  return { ...ports, state: { ...state, readLive, writeLive } };
}

/** Counts each run that ended well ten times over. */
function countingTenfold(ports: Ports): Ports {
  const { apify } = ports;
  const recentRuns: typeof apify.recentRuns = async (of, statuses, signal) => {
    const found = await apify.recentRuns(of, statuses, signal);
    return { ...found, runs: Array.from({ length: 10 }, () => found.runs).flat() };
  };
  return { ...ports, apify: { ...apify, recentRuns } };
}

/** Bugs that the oracle must notice, as in `plants.ts`. */
export const WIDER_PLANTS: Readonly<Record<string, Plant>> = {
  "missing-events-guessed": {
    about: "takes events that Apify does not tell for many",
    ports: guessingEvents,
  },
  "schedule-ignored": { about: "takes every window for open", ports: ignoringSchedules },
  "idle-kept-when-busy": { about: "goes on timing idleness when a run was busy", ports: keepingIdle },
  "spend-counted-twice": {
    about: "adds to the cells twice what a run recorded again has spent",
    ports: countingAgain,
  },
  "last-figure-lost": { about: "does not write down what an ended run has come to", ports: losingTheEnd },
  "typical-of-few": { about: "counts a successful run as ten", ports: countingTenfold },
};
