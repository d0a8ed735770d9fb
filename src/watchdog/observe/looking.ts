import type { ActorOrTask } from "../model/apify-port.ts";
import type { Noting, Observed, Timed } from "../model/pass.ts";
import type {
  ActorsOnApify,
  AuditReads,
  KnownStore,
  Memory,
  RecordedRuns,
  RunsOnApify,
} from "../model/ports.ts";

/** What looking at runs takes: they are read, and what is seen of them is remembered. */
export type Looking = Timed &
  Noting &
  Observed & { readonly ports: { readonly apify: RunsOnApify; readonly state: RecordedRuns } };

/** By what the names that are learnt count. */
export type InForceNames = {
  version?: number;
  /** Exemptions that were given by a name: of which kinds. */
  named?: ReadonlySet<ActorOrTask>;
};

/** What learning takes: what Actors and tasks are called, and what is typical of them, is asked for and kept. */
export type Learning = Timed &
  Noting & {
    /** Of the policy in force: names that changed under another one count no more. */
    readonly inForce?: InForceNames;
    readonly ports: {
      /** Absent: what was stopped is not known, and is no part of what is typical. */
      readonly audit?: Pick<AuditReads, "readChain">;
      readonly apify: ActorsOnApify;
      readonly state: KnownStore;
      readonly memory: Memory;
    };
  };
