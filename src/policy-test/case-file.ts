import * as v from "valibot";
import { PolicyError, type Problem } from "../policy/language/errors.ts";
import { problemsIn, show } from "../policy/language/problems.ts";
import { isStopping } from "../policy/run.ts";
import { caseFileForm, type Expectation, type WrittenCase } from "./case-form.ts";
import { statusOf } from "./observation.ts";
import type { WrittenRun } from "./run-form.ts";

/** When a case plays where nobody says: a Wednesday's noon. */
const DEFAULT_NOW = new Date("2026-11-25T12:00:00.000Z");

/** A run of a case, and what is expected of it. */
export type CaseRun = { readonly id: string; readonly written: WrittenRun; readonly expected: Expectation };

/** One case: an instant, what the operators did before it, and runs. */
export type Case = Pick<
  WrittenCase,
  "name" | "exempt" | "paused" | "otherLiveRuns" | "stoppedInLastHour" | "spent" | "accountUsage"
> & {
  readonly now: Date;
  readonly runs: readonly CaseRun[];
};

/** A file of cases. `policy`: the file of the policy that they are for, as it is written there. */
export type CaseFile = { readonly policy?: string; readonly cases: readonly Case[] };

type Path = Problem["path"];

function* runProblems(run: WrittenRun, path: Path, now: Date): Generator<Problem> {
  const { startedAt, runningFor, abortingFor } = run;
  if (startedAt && runningFor !== undefined)
    yield {
      path: [...path, "runningFor"],
      got: "both startedAt and runningFor",
      expected: "one of them, for each says when it began to run",
    };
  if (startedAt && startedAt > now)
    yield {
      path: [...path, "startedAt"],
      got: startedAt.toISOString(),
      expected: "a time before the case's now",
    };
  const status = statusOf(run);
  if (abortingFor !== undefined && !isStopping(status))
    yield {
      path: [...path, "abortingFor"],
      got: `status ${status}`,
      expected: "status ABORTING or TIMING-OUT, or no status",
    };
  if (status === "READY" && (runningFor !== undefined || startedAt))
    yield {
      path: [...path, "status"],
      got: '"READY"',
      expected: "queuedFor alone: a run in the queue has not begun to run",
    };
  if (run.typical && run.typical.usd === undefined && run.typical.runTime === undefined)
    yield { path: [...path, "typical"], got: "nothing that is usual", expected: "usd, runTime or both" };
}

const SUBJECTS = ["run", "actor", "task"] as const;

function* caseProblems(written: WrittenCase, path: Path, now: Date): Generator<Problem> {
  for (const [at, exemption] of (written.exempt ?? []).entries()) {
    const subjects = SUBJECTS.filter((subject) => exemption[subject] !== undefined).length;
    if (subjects > 1 || (subjects === 0 && exemption.rule === undefined))
      yield {
        path: [...path, "exempt"],
        got: `exemption ${at + 1}`,
        expected: `one of ${SUBJECTS.join(", ")} and rule; rule may stand beside another one`,
      };
  }
  if ("run" in written) return yield* runProblems(written.run, [...path, "run"], now);
  const ids = written.runs.map(runId);
  for (const [at, run] of written.runs.entries()) {
    const place = [...path, "runs", at];
    yield* runProblems(run, place, now);
    const id = runId(run, at);
    if (ids.indexOf(id) !== at)
      yield { path: [...place, "id"], got: show(id), expected: "an id that no other run of the case has" };
    if (written.expect[id] === undefined)
      yield {
        path: [...path, "expect"],
        got: `nothing for ${id}`,
        expected: "what is decided of each run, by its id",
      };
  }
  for (const id of Object.keys(written.expect).filter((each) => !ids.includes(each)))
    yield {
      path: [...path, "expect", id],
      got: show(id),
      expected: `the id of a run of the case: ${ids.join(", ")}`,
    };
}

/** Runs that are not called anything are run1, run2 and so on. */
const runId = ({ id }: WrittenRun, at: number): string => id ?? `run${at + 1}`;

function runsOf(written: WrittenCase): readonly CaseRun[] {
  if ("run" in written)
    return [{ id: written.run.id ?? "run", written: written.run, expected: written.expect }];
  return written.runs.flatMap((run, at) => {
    const id = runId(run, at);
    const expected = written.expect[id];
    return expected ? [{ id, written: run, expected }] : [];
  });
}

/**
 * Reads a file of cases (already JSON, not text). Throws `PolicyError` with every problem found: path, what came, what was
 * wanted.
 */
export function parseCases(document: unknown): CaseFile {
  const parsed = v.safeParse(caseFileForm, document);
  if (!parsed.success) throw new PolicyError(problemsIn(document, parsed.issues));
  const { policy, now: common = DEFAULT_NOW, cases } = parsed.output;
  const problems = cases.flatMap((each, at) => [...caseProblems(each, ["cases", at], each.now ?? common)]);
  if (problems.length > 0) throw new PolicyError(problems);
  return {
    ...(policy !== undefined && { policy }),
    cases: cases.map((each) => ({
      name: each.name,
      exempt: each.exempt,
      paused: each.paused,
      otherLiveRuns: each.otherLiveRuns,
      stoppedInLastHour: each.stoppedInLastHour,
      spent: each.spent,
      accountUsage: each.accountUsage,
      now: each.now ?? common,
      runs: runsOf(each),
    })),
  };
}
