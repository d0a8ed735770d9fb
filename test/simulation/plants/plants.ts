import type { Transport } from "../../../src/adapters/apify/index.ts";
import type { Control } from "../../../src/watchdog/model/control.ts";
import { seal, sha256 } from "../../../src/watchdog/model/entry.ts";
import type { Listing, Ports } from "../../../src/watchdog/model/ports.ts";
import type { Plant } from "../process/ports.ts";
import { BUDGET_PLANTS } from "./budgets.ts";
import { WIDER_PLANTS } from "./wider.ts";

type Run = Listing["runs"][number];

/** Has a process see another control state than the one that stands. */
const misreading =
  (distort: (control: Control, ports: Ports) => Control) =>
  (ports: Ports): Ports => ({
    ...ports,
    state: { ...ports.state, readControl: async () => distort(await ports.state.readControl(), ports) },
  });

/** Has a process see other runs than those that Apify shows, wherever it looks. */
const mistaking =
  (distort: (run: Run) => Run) =>
  (ports: Ports): Ports => {
    const { apify } = ports;
    const listRuns: typeof apify.listRuns = async (filter, signal) => {
      const listing = await apify.listRuns(filter, signal);
      return { ...listing, runs: listing.runs.map(distort) };
    };
    const readRun: typeof apify.readRun = async (runId, signal) => {
      const reading = await apify.readRun(runId, signal);
      return reading.kind === "found" ? { ...reading, run: distort(reading.run) } : reading;
    };
    return { ...ports, apify: { ...apify, listRuns, readRun } };
  };

/** The tick's first look at a run stands for every later one, and is passed off as new. */
function withoutReReading(ports: Ports): Ports {
  const first = new Map<string, Run>();
  const { apify, clock } = ports;
  const listRuns: typeof apify.listRuns = async (filter, signal) => {
    const listing = await apify.listRuns(filter, signal);
    for (const run of listing.runs) if (!first.has(run.id)) first.set(run.id, run);
    return listing;
  };
  const readRun: typeof apify.readRun = async (runId, signal) => {
    const run = first.get(runId);
    if (run === undefined) return apify.readRun(runId, signal);
    return {
      kind: "found",
      run: { ...run, detail: { stats: {} } },
      observedAt: clock.now(),
      sentMs: clock.monotonicMs(),
    };
  };
  return { ...ports, apify: { ...apify, listRuns, readRun } };
}

/** Says that the intent is written, shows it as if it were, and writes it a little later, after the call. */
function callingFirst(ports: Ports): Ports {
  let claimed: Control | undefined;
  const append: typeof ports.audit.append = async (entry) => {
    const { sealed, control } = entry;
    if (sealed.entry.kind !== "abort.intended" || control === undefined) return ports.audit.append(entry);
    const { exemptions } = await ports.state.readControl();
    claimed = { ...control.next, version: control.expectedVersion + 1, exemptions };
    ports.clock.sleep(3_000).then(() => {
      claimed = undefined;
      return ports.audit.append(entry).catch(() => undefined);
    });
  };
  const readControl = async () => claimed ?? (await ports.state.readControl());
  return { ...ports, audit: { ...ports.audit, append }, state: { ...ports.state, readControl } };
}

/** Writes each closing entry as a new one, and leaves the intent open. */
function closingAgain(ports: Ports): Ports {
  const append: typeof ports.audit.append = async (entry) => {
    const { entry: written } = entry.sealed;
    if (!/confirmed|moot|withdrawn/.test(written.kind)) return ports.audit.append(entry);
    const { account, chain, sequence, previous, ...draft } = written;
    const entryId = sha256(`${written.entryId} ${sequence}`).slice(0, 20);
    const tail = sequence === 1 ? undefined : { sequence: sequence - 1, hash: previous };
    return ports.audit.append({ sealed: seal({ ...draft, entryId }, account, chain, tail) });
  };
  return { ...ports, audit: { ...ports.audit, append } };
}

/** A transport that sends an abort call again when it brought no good answer, as many HTTP clients do. */
const retrying =
  (wire: Transport): Transport =>
  async (request) => {
    if (request.method !== "POST") return wire(request);
    for (let attempt = 1; ; attempt++) {
      const answer = await wire(request).catch((error: unknown) => {
        if (attempt === 3 || request.signal.aborted) throw error;
        return undefined;
      });
      if (answer !== undefined && (answer.status < 500 || attempt === 3)) return answer;
    }
  };

/** Makes sure of a call without grace by sending it once more. */
function forcingTwice(ports: Ports): Ports {
  const { apify } = ports;
  const abortRun: typeof apify.abortRun = async (call, signal) => {
    if (!call.gracefully) await apify.abortRun(call, signal);
    return apify.abortRun(call, signal);
  };
  return { ...ports, apify: { ...apify, abortRun } };
}

/** Decides as if nobody had paused, and leaves a pause that is not over as it stands. */
function ignoringPause(ports: Ports): Ports {
  let pause: Control["pause"];
  const kept = <T extends object>(next: T): T => ({ ...next, ...(pause && { pause }) });
  const readControl = async () => {
    const { pause: stands, ...control } = await ports.state.readControl();
    const isOver = stands?.until !== undefined && stands.until <= ports.clock.now();
    pause = isOver ? undefined : stands;
    return { ...control, ...(isOver && { pause: stands }) };
  };
  const writeControl: typeof ports.state.writeControl = (next, version) =>
    ports.state.writeControl(kept(next), version);
  const append: typeof ports.audit.append = ({ control, ...entry }) =>
    ports.audit.append({ ...entry, ...(control && { control: { ...control, next: kept(control.next) } }) });
  const state = { ...ports.state, readControl, writeControl };
  return { ...ports, state, audit: { ...ports.audit, append } };
}

/** Bugs that the oracle must notice, planted between the watchdog and its ports: none of its code is changed. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  "skip-the-re-read": { about: "stops runs on the tick's first look at them", ports: withoutReReading },
  "call-before-intent": { about: "makes the intent durable only after the call", ports: callingFirst },
  "missing-cost-as-0": {
    about: "takes a cost that Apify does not tell for 0",
    ports: mistaking((run) => ({ ...run, usageTotalMicroUsd: run.usageTotalMicroUsd ?? 0 })),
  },
  "missing-cost-guessed": {
    about: "takes a cost that Apify does not tell for a large one",
    ports: mistaking((run) => ({ ...run, usageTotalMicroUsd: run.usageTotalMicroUsd ?? 9_000_000 })),
  },
  "forced-twice": { about: "sends each call without grace twice", ports: forcingTwice },
  "pause-ignored": {
    about: "does not see a pause",
    ports: ignoringPause,
  },
  "exemption-ignored": {
    about: "does not see exemptions",
    ports: misreading((control) => ({ ...control, exemptions: [] })),
  },
  "per-tick-by-process": {
    about: "counts perTick for each process alone",
    ports: misreading((control, { newTickId }) => ({
      ...control,
      recentIntents: control.recentIntents.map((intent) =>
        intent.tickId === newTickId()
          ? intent
          : {
              ...intent,
              at: new Date(intent.at.getTime() - 59_000),
              tickEndsBy: new Date(intent.at.getTime() - 59_000),
            },
      ),
    })),
  },
  "closing-twice": { about: "closes an intent again at each tick", ports: closingAgain },
  "retry-the-abort": { about: "sends an abort call again without looking at the run", transport: retrying },
  ...WIDER_PLANTS,
  ...BUDGET_PLANTS,
};
