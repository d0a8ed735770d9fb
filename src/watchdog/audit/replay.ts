import type { ExemptionSubject } from "../../policy/index.ts";
import type { Entry } from "../model/entry.ts";
import { subjectWords } from "../model/exemption.ts";
import { openHoldsIn } from "./holds/hold-entries.ts";
import { pushesIn } from "./pushes.ts";

/** A pause, as the entry that it began with tells of it. */
export type ToldPause = { readonly by: string; readonly reason?: string; readonly until?: string };

/** An exemption, as its grant tells of it. */
export type ToldGrant = {
  readonly subject: ExemptionSubject;
  readonly name?: string;
  readonly until?: string;
  readonly owner?: string;
  readonly reason?: string;
  readonly ceilingUsd?: number;
  readonly undoOf?: string;
};

/** What the control chain says that the control state must be. */
export type Told = {
  readonly policyVersion?: number;
  readonly pause?: ToldPause;
  /** By what their subjects are called. */
  readonly grants: ReadonlyMap<string, ToldGrant>;
  /** Promises to hold a schedule that are open. */
  readonly holds: readonly Entry[];
};

/** Goes through the control chain, entry by entry. */
export function replay(entries: readonly Entry[]): Told {
  const grants = new Map<string, ToldGrant>();
  let pause: ToldPause | undefined;
  for (const { kind, by, change = {} } of entries) {
    const { subject } = change as Partial<ToldGrant>;
    if (kind === "control.paused") pause = { ...(change as Omit<ToldPause, "by">), by };
    else if (kind === "control.resumed") pause = undefined;
    else if (kind === "exemption.granted" && subject) grants.set(subjectWords(subject), change as ToldGrant);
    else if (kind === "exemption.ended" && subject) grants.delete(subjectWords(subject));
  }
  const policyVersion = pushesIn(entries).at(-1)?.version;
  return {
    grants,
    holds: openHoldsIn(entries),
    ...(policyVersion !== undefined && { policyVersion }),
    ...(pause && { pause }),
  };
}
