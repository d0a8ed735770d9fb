/**
 * What the console's page and its server say to each other. What the parts hold is what the command line prints with `--json`
 * for the same question, asked by the same code.
 */

/** Every path that is served, besides the page and its files. All need the cookie. */
export const API = {
  /**
   * GET, server-sent events: a `part` with a `News` for each part that is known, and then for each that has changed; a `beat`
   * with the server's time (ISO 8601) at once and then every `BEAT_MS`, by which the page knows that it still hears it.
   */
  news: "/api/news",
  /** GET `?run=ID`: `explain` and `entries`, parts: why it is stopped or not, and all that is written of it. */
  run: "/api/run",
  /** GET `?entry=ID`: `entry`, a part with the one in a list */
  entry: "/api/entry",
  /** GET `?rule=ID`: `policy`, `observed` and `entries`, parts: as it is written, and what it did so far. */
  rule: "/api/rule",
  /** GET: `sources`, a part: schedules, what they start, who holds them. */
  sources: "/api/sources",
  /**
   * GET: `policy`, a part, the one in force. With `?rule=ID`: `front`, a part, its limit moved over the recorded runs; while that is reckoned it is slow, and to be asked
   * again. With `&limit=VALUE`: `policy`, a part with the policy in force and that limit, as `yaml`.
   */
  whatIf: "/api/what-if",
  /** POST an `Order`: what it would do, and nothing done. */
  plan: "/api/plan",
  /** POST an `Order`: it is done. */
  act: "/api/act",
} as const;

/** Every POST carries this header with `Page.session`: a form or another page can't. */
export const SESSION_HEADER = "x-watchdog-session";

/** How often the news say that they go on. A page that hears none for three of these says that what it shows is old. */
export const BEAT_MS = 5_000;

/** The id of the element that the page is drawn into, with `Page` in its attributes `data-session` and `data-can-act="true"`. */
export const PAGE_ID = "page";

/** What the page is given with its HTML. */
export type Page = {
  readonly session: string;
  /** May it act? Otherwise it shows, and every POST is refused. */
  readonly canAct: boolean;
};

/** So many decisions of a day the page is given at most. */
export const MOST_DECISIONS = 200;

/** The parts of the page that keep themselves up to date, each by a command of the same figures. */
export const PARTS = {
  /** `status --json` */
  status: ["status"],
  /** `runs --json` */
  runs: ["runs"],
  /** `report --json`: this month */
  report: ["report"],
  /** `exempt list --json` */
  exemptions: ["exempt", "list"],
  /** `audit list --json`: the latest of a day, each entry with `word` and `says` */
  timeline: ["audit", "list", "--since", "24h", "--limit", String(MOST_DECISIONS)],
} as const;

export type PartName = keyof typeof PARTS;

/** What is known of one question. A table that is slow or refuses is told, never hidden behind what was known before. */
export type Part =
  | { readonly kind: "known"; readonly value: unknown; readonly at: string }
  /** `last`: what was known before, and as of when. */
  | { readonly kind: "failed"; readonly says: string; readonly at: string; readonly last?: Known }
  /** It has been asked for since then, and has not answered; `last` as above. */
  | { readonly kind: "slow"; readonly since: string; readonly last?: Known };

export type Known = { readonly value: unknown; readonly at: string };

/** An event of `news`. */
export type News = { readonly name: PartName; readonly part: Part };

/** What may be done from the page, with what has to be given for it. A reason always has to be typed. */
export type Order = { readonly reason: string } & (
  | { readonly act: "stop"; readonly runId: string }
  | { readonly act: "let-run"; readonly runId: string; readonly until: string; readonly ceilingUsd?: string }
  | { readonly act: "undo"; readonly stop: string; readonly until: string; readonly ceilingUsd?: string }
  | { readonly act: "pause"; readonly until?: string }
  | { readonly act: "resume" }
  | { readonly act: "release"; readonly schedule: string }
  | {
      readonly act: "end-exemption";
      readonly subject: SubjectOption;
      readonly id: string;
      readonly ruleId?: string;
    }
);

export type SubjectOption = "run" | "actor" | "task" | "rule";

/** What an order would do, or has done. */
export type Told = {
  readonly done: boolean;
  /** The command line that it equals, to be pasted. */
  readonly command: string;
  /** Its consequences, or what became of it, a line each. */
  readonly lines: readonly string[];
  /** Why it was not done, or can't be. */
  readonly refused?: string;
  /** Why nobody knows whether it was done. */
  readonly unknown?: string;
};
