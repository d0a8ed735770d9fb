import { formatCount, formatUsd, toMicroUsd } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Order } from "../api.ts";

/** What a command answered with `--json` after it did what was asked, as far as the page says it. */
type Answer = {
  readonly runId?: string;
  readonly open?: boolean;
  readonly until?: string | null;
  readonly ceilingUsd?: number | null;
  readonly covered?: readonly string[] | null;
  readonly replaced?: string | null;
  readonly note?: string | null;
  readonly status?: string;
  readonly resumed?: boolean;
  readonly kind?: string;
  readonly replaces?: { readonly by: string; readonly reason: string } | null;
};

function exemptUntil({ until, ceilingUsd }: Answer): string {
  const end = until ? `until ${minuteOf(until)} UTC` : "";
  return typeof ceilingUsd === "number"
    ? `${end} or until it has cost ${formatUsd(toMicroUsd(ceilingUsd))}`
    : end;
}

const LINES: Readonly<Record<Order["act"], (answer: Answer) => readonly (string | false)[]>> = {
  stop: ({ runId, open }) => [
    open
      ? `Run ${runId} is being stopped: the intent is in the audit, and Apify was asked to end it gracefully.`
      : `Run ${runId} was stopped.`,
    open === true && "The watchdog's ticks watch it until it has ended; the timeline has what comes of it.",
  ],
  "let-run": (answer) => [
    `Not stopped ${exemptUntil(answer)}.`,
    answer.covered
      ? `${formatCount(answer.covered.length, "live run")} covered, as the last tick saw them.`
      : false,
    answer.replaced ? `It replaces ${answer.replaced}.` : false,
    answer.note ?? false,
  ],
  undo: (answer) => [
    `Run ${answer.runId} lives again (${answer.status}), exempt ${exemptUntil(answer)}.`,
    "From then on its rules stop it as before.",
  ],
  pause: ({ until, replaces }) => [
    `Nothing is stopped ${until ? `until ${minuteOf(until)} UTC` : "until somebody resumes"}.`,
    replaces ? `It replaces the pause by ${replaces.by}: ${replaces.reason}.` : false,
  ],
  resume: ({ resumed }) => [
    resumed
      ? "Resumed: the next tick stops again what breaches."
      : "There was no pause: nothing was changed.",
  ],
  release: ({ kind }) => [
    kind === "open"
      ? "It is to be enabled; whether Apify did so is not known yet: the next tick looks."
      : "The schedule is enabled again.",
  ],
  "end-exemption": () => ["The exemption has ended: the next tick judges by the policy in force."],
};

/** What became of an order, a line each. */
export const deedLines = (act: Order["act"], answer: unknown): readonly string[] =>
  LINES[act]((answer ?? {}) as Answer).filter((line) => line !== false);
