import type { TrueRun, World } from "../../../emulator/index.ts";

/** Tells of each run what its Actor and task were ever called in a world, `undefined` among it where they were deleted. */
export function calledIn({ changes = [], username = "acme" }: World): (run: TrueRun) => TrueRun {
  if (changes.length === 0) return (run) => run;
  const known = new Map<string, readonly (string | undefined)[]>();
  const namesOf = (kind: "actor" | "task", declared: string): readonly (string | undefined)[] => {
    const found = known.get(`${kind} ${declared}`);
    if (found) return found;
    const own = declared.split("/")[0] === username;
    const [owners, names] = [new Set([declared.split("/")[0]]), new Set([declared.split("/").at(-1)])];
    let isGone = false;
    for (const change of changes) {
      if (change.kind === "rename-user" && own && kind === "actor") owners.add(change.to);
      if (change.kind === `rename-${kind}` && Object(change)[kind] === declared) names.add(Object(change).to);
      if (change.kind === `delete-${kind}` && Object(change)[kind] === declared) isGone = true;
    }
    const all = [...owners].flatMap((owner) =>
      [...names].map((name) => (kind === "actor" ? `${owner}/${name}` : name)),
    );
    const called = isGone ? [...all, undefined] : all;
    known.set(`${kind} ${declared}`, called);
    return called;
  };
  return (run) => {
    const taskNames = run.taskName === undefined ? {} : { taskNames: namesOf("task", run.taskName) };
    return Object.assign({}, run, { actorNames: namesOf("actor", run.actorName), ...taskNames });
  };
}
