import type { Run } from "../runs/run.ts";
import type { ActorSpec } from "../world/actor.ts";

const LATEST = "0.1.23";

/** Build numbers by tag. */
export const buildsOf = ({ builds }: Pick<ActorSpec, "builds">): Readonly<Record<string, string>> => ({
  latest: LATEST,
  ...builds,
});

/** The number of the run's build, in both forms; who asks for a build by its number gets that. */
export function buildOf({ actor, options: { build } }: Run): { buildNumber: string; buildNumberInt: number } {
  const buildNumber = buildsOf(actor)[build] ?? (/^\d+\.\d+\.\d+$/.test(build) ? build : LATEST);
  const [major = 0, minor = 0, patch = 0] = buildNumber.split(".").map(Number);
  return { buildNumber, buildNumberInt: major * 1e9 + minor * 1e6 + patch };
}
