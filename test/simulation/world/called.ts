import type { TrueRun, World, WorldChange } from "../../../emulator/index.ts";

/**
 * Tells of each run what its Actor and task were called in a world up to an instant, `undefined` among it where they were
 * deleted by then; and as which Actor it stands then, and as which others it has.
 */
export function calledIn(
  { changes = [], username = "acme" }: World,
  startMs: number,
): (run: TrueRun, byMs: number) => TrueRun {
  const known = new Map<string, readonly (string | undefined)[]>();
  const namesOf = (kind: "actor" | "task", declared: string, passed: readonly WorldChange[]) => {
    const key = `${passed.length} ${kind} ${declared}`;
    const found = known.get(key);
    if (found) return found;
    const own = declared.split("/")[0] === username;
    const [owners, names] = [new Set([declared.split("/")[0]]), new Set([declared.split("/").at(-1)])];
    let isGone = false;
    for (const change of passed) {
      if (change.kind === "rename-user" && own && kind === "actor") owners.add(change.to);
      if (change.kind === `rename-${kind}` && Object(change)[kind] === declared) names.add(Object(change).to);
      if (change.kind === `delete-${kind}` && Object(change)[kind] === declared) isGone = true;
    }
    const all = [...owners].flatMap((owner) =>
      [...names].map((name) => (kind === "actor" ? `${owner}/${name}` : name)),
    );
    const called = isGone ? [...all, undefined] : all;
    known.set(key, called);
    return called;
  };
  return (run, byMs) => {
    const passed = changes.filter(({ atMs }) => startMs + atMs <= byMs);
    const taskNames = run.taskName === undefined ? {} : { taskNames: namesOf("task", run.taskName, passed) };
    const stages = [run, ...(run.metamorphs ?? [])].map(({ actorId, actorName }) => ({
      actorId,
      actorName,
      actorNames: namesOf("actor", actorName, passed),
    }));
    const before = stages.slice(0, -1);
    return Object.assign({}, run, stages.at(-1), before.length > 0 && { actorsBefore: before }, taskNames);
  };
}
