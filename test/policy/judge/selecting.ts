import type { Observation } from "../../../src/policy/index.ts";
import { matchSelector } from "../../../src/policy/judge/selector.ts";
import { observation, run } from "../../support/builders.ts";

/** A run of which only ids are known. */
export const unnamed = observation({ run: run({ actorId: "aB3", actorTaskId: "tK9" }) });
export const from = (origin: string): Observation => observation({ run: run({ origin }) });

export const matchOf = (...seen: Parameters<typeof matchSelector>) => matchSelector(...seen).kind;
