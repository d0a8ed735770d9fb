import { type Criteria, isBudgetRule, type Policy, type Rule, type Selector } from "../policy.ts";
import { nearest } from "../values/nearest.ts";
import {
  IS_NAME,
  isExcepted,
  matchNamed,
  matchSelector,
  matchSpender,
  type NamedKey,
  type Selected,
} from "./selector.ts";

/** An Actor, a task or a schedule of the account, or one that its runs are of, by id and, where that is known, by its whole name. */
export type KnownName = { readonly id: string; readonly name?: string };

/** What is known of an account. What is absent was not read, and is not counted. */
export type KnownAccount = {
  readonly actors?: readonly KnownName[];
  readonly tasks?: readonly (KnownName & { readonly actorId?: string })[];
  readonly schedules?: readonly KnownName[];
  /** Live runs. */
  readonly runs?: readonly Selected[];
};

/** How many each takes; absent where that is not known. */
export type Taken = {
  readonly actors?: number;
  readonly tasks?: number;
  /** Absent, too, of a rule that names none: what schedules start is not asked for. */
  readonly schedules?: number;
  readonly runs?: number;
};

/** A name or an id in a selector that takes nothing of what is known. */
export type TakesNothing = {
  /** Where in the rule: `["for", "except", "actors", 0]`. */
  readonly path: readonly (string | number)[];
  readonly written: string;
  readonly kind: "actor" | "task" | "schedule";
  /** The name that was likely meant. */
  readonly guess?: string;
  /** It is the name of one of this kind: an Actor that is written among tasks, or a task among Actors. */
  readonly other?: "actor" | "task";
};

/** What the selector of one rule takes. */
export type SelectedCount = {
  readonly ruleId: string;
  readonly takes: Taken;
  /** Live runs of which it can't be determined. */
  readonly undecided?: number;
  /** Of a rule with exceptions: what these take of all there is. */
  readonly excepts?: Taken;
  /** No Actor, no task, or no schedule that is known is selected: the rule is for no run. */
  readonly isForNone: boolean;
  readonly nothing: readonly TakesNothing[];
};

const matches = (key: NamedKey, patterns: readonly string[] | undefined, { id, name }: KnownName): boolean =>
  patterns === undefined || matchNamed(key, patterns, id, name) === "match";

const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** What is named by the keys that name it. A task belongs to its Actor, and is selected with it. */
function namesTaken(
  { actors, tasks, schedules }: Criteria,
  account: KnownAccount,
  spared: Criteria = {},
): Taken {
  const isSpared = (key: NamedKey, each: KnownName): boolean =>
    spared[key] !== undefined && matches(key, spared[key], each);
  const byId = new Map(account.actors?.map((each) => [each.id, each]));
  const actorsTaken = account.actors?.filter(
    (each) => matches("actors", actors, each) && !isSpared("actors", each),
  );
  const tasksTaken = account.tasks?.filter((each) => {
    if (!matches("tasks", tasks, each) || isSpared("tasks", each)) return false;
    const { actorId } = each;
    if (actorId === undefined) return actors === undefined;
    const actor = byId.get(actorId) ?? { id: actorId };
    return matches("actors", actors, actor) && !isSpared("actors", actor);
  });
  const schedulesTaken = account.schedules?.filter(
    (each) => matches("schedules", schedules, each) && !isSpared("schedules", each),
  );
  const ofTasks = new Set(tasksTaken?.flatMap(({ actorId }) => actorId ?? []));
  // Whoever names tasks alone selects their Actors' runs only as far as they are of these.
  const isByTask = tasks !== undefined && actors === undefined;
  return defined({
    actors: isByTask ? tasksTaken && ofTasks.size : actorsTaken?.length,
    tasks: tasksTaken?.length,
    schedules: schedules && schedulesTaken?.length,
  });
}

function* nothingIn(
  criteria: Criteria,
  path: readonly string[],
  account: KnownAccount,
): Generator<TakesNothing> {
  for (const [key, other, kind] of [
    ["actors", ["tasks", "task"], "actor"],
    ["tasks", ["actors", "actor"], "task"],
    // No name of a schedule can be one of these.
    ["schedules", undefined, "schedule"],
  ] as const) {
    const known = account[key];
    for (const [index, written] of (criteria[key] ?? []).entries()) {
      if (known === undefined || known.some((each) => matches(key, [written], each))) continue;
      const isOther = other && account[other[0]]?.some((each) => matches(other[0], [written], each));
      const names = known.flatMap(({ name }) => name ?? []);
      const guess =
        isOther || !IS_NAME[key](written) || written.includes("*") ? undefined : nearest(written, names);
      yield {
        path: [...path, key, index],
        written,
        kind,
        ...(guess && { guess }),
        ...(isOther && { other: other[1] }),
      };
    }
  }
}

/** Of a budget the runs whose money counts, of a limit those that it judges. */
const matchOf = (rule: Rule, seen: Selected) =>
  (isBudgetRule(rule) ? matchSpender : matchSelector)(rule.for, seen).kind;

function countOf(rule: Rule, account: KnownAccount): SelectedCount {
  const { id: ruleId, for: selector = {} } = rule;
  const { except, ...wanted }: Selector = selector;
  const kinds = account.runs?.map((each) => matchOf(rule, each));
  const numberOf = (...of: readonly string[]) => kinds?.filter((kind) => of.includes(kind)).length;
  const takes = { ...namesTaken(wanted, account, except), ...defined({ runs: numberOf("match") }) };
  const excepted = except && {
    ...namesTaken(except, account),
    ...defined({ runs: account.runs?.filter((each) => isExcepted(except, each)).length }),
  };
  return {
    ruleId,
    takes,
    ...defined({ undecided: numberOf("unresolved", "untold") || undefined }),
    ...(excepted && { excepts: excepted }),
    isForNone:
      (wanted.actors !== undefined && takes.actors === 0) ||
      (wanted.tasks !== undefined && takes.tasks === 0) ||
      takes.schedules === 0,
    nothing: [
      ...nothingIn(wanted, ["for"], account),
      ...(except ? nothingIn(except, ["for", "except"], account) : []),
    ],
  };
}

/** What the selector of each rule, in their order, takes of what is known of an account. */
export const countSelected = (policy: Policy, account: KnownAccount): readonly SelectedCount[] =>
  policy.rules.map((rule) => countOf(rule, account));
