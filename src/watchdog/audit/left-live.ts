import { formatCount } from "../../policy/index.ts";
import type { Entry } from "../model/entry.ts";

/** What the run may have started and goes on: behind how it was stopped. */
export function leftLive({ children = [] }: Pick<Entry, "children">): string {
  if (children.length === 0) return "";
  const runs = formatCount(children.length, "run");
  const are = children.length === 1 ? "is" : "are";
  return `; ${runs} that Actors started during its life ${are} still live: ${children.join(", ")}`;
}
