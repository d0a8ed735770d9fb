import { actorAt, type Run } from "../runs/run.ts";
import type { ActorSpec } from "../world/actor.ts";

const LATEST = "0.1.23";

/** Build numbers by tag. */
export const buildsOf = ({ builds }: Pick<ActorSpec, "builds">): Readonly<Record<string, string>> => ({
  latest: LATEST,
  ...builds,
});

/** The number of the run's build, in both forms; who asks for a build by its number gets that. */
export function buildOf(run: Run, atMs: number): { buildNumber: string; buildNumberInt: number } {
  const { build } = run.options;
  const buildNumber = buildsOf(actorAt(run, atMs))[build] ?? (/^\d+\.\d+\.\d+$/.test(build) ? build : LATEST);
  const [major = 0, minor = 0, patch = 0] = buildNumber.split(".").map(Number);
  return { buildNumber, buildNumberInt: major * 1e9 + minor * 1e6 + patch };
}
