import { filesImportedBy, type Source } from "./sources.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(sources: readonly Source[]): Graph {
  const paths = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map((each) => [each.path, [...new Set(filesImportedBy(each))].filter((to) => paths.has(to))]),
  );
}

/** The shortest way from a file back to itself; empty when there is none. */
function circleThrough(start: string, graph: Graph): readonly string[] {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const next of graph.get(path) ?? []) {
      if (next === start) {
        const way = [path];
        for (let at = cameFrom.get(path); at !== undefined; at = cameFrom.get(at)) way.unshift(at);
        return way;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, path);
      queue.push(next);
    }
  }
  return [];
}

/** Every file that can be come to from this one. */
function reachable(start: string, graph: Graph): ReadonlySet<string> {
  const found = new Set(graph.get(start) ?? []);
  for (const path of found) for (const next of graph.get(path) ?? []) found.add(next);
  return found;
}

/** Files that import each other, types too: of each such knot its shortest circle, as a sentence. */
export function checkCircles(sources: readonly Source[]): readonly string[] {
  const graph = graphOf(sources);
  const reached = new Map([...graph.keys()].map((path) => [path, reachable(path, graph)]));
  const told = new Set<string>();
  return [...graph.keys()].flatMap((path) => {
    if (told.has(path) || !reached.get(path)?.has(path)) return [];
    const knot = [...(reached.get(path) ?? [])].filter((other) => reached.get(other)?.has(path));
    for (const each of knot) told.add(each);
    const [circle = []] = knot
      .toSorted()
      .map((each) => circleThrough(each, graph))
      .toSorted((a, b) => a.length - b.length);
    const others = knot.length > circle.length ? ` (${knot.length} files hang together by it)` : "";
    return `${[...circle, circle[0]].join(" → ")}${others} is a circle: move what they share to a file below them all, or hand it in as a parameter. Types count too.`;
  });
}
