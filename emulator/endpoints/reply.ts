import type { Effect } from "../runs/interference.ts";

/** What an answer told its reader of some runs: by run id, the status and the figure of cost. */
export type Shown = Readonly<
  Record<string, { readonly status: string; readonly usageTotalUsd?: number | null }>
>;

/** An endpoint's answer, with what it did and what it showed. */
export type Reply = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly effect: Effect;
  readonly shown?: Shown;
  /** Runs that a list would have shown, and a fault left out of it. */
  readonly leftOut?: readonly string[];
  /** The run that it was about, when that can't be read from the path. */
  readonly runId?: string;
};

/** What an answer's data tell of one run. */
export function toldOf({ status, usageTotalUsd }: Readonly<Record<string, unknown>>): Shown[string] {
  const isFigure = typeof usageTotalUsd === "number" || usageTotalUsd === null;
  return { status: String(status), ...(isFigure ? { usageTotalUsd } : {}) };
}

const JSON_TYPE = "application/json; charset=utf-8";

/** A success in Apify's envelope. */
export function success(
  data: unknown,
  told: Partial<Pick<Reply, "status" | "effect" | "shown" | "runId">> = {},
): Reply {
  return { status: 200, effect: "none", ...told, contentType: JSON_TYPE, body: JSON.stringify({ data }) };
}

/** A refusal in Apify's envelope. */
export function refusal(status: number, type: string, message: string): Reply {
  const body = JSON.stringify({ error: { type, message } });
  return { status, contentType: JSON_TYPE, body, effect: "none" };
}

/** A success outside the envelope: `{}`, nothing at all, a log. */
export function plain(status: number, body: string, contentType = JSON_TYPE): Reply {
  return { status, contentType, body, effect: "none" };
}

/** Thrown by whatever finds that a request can't be served; carries the answer. */
export class Refused extends Error {
  override name = "Refused" as const;
  readonly reply: Reply;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.reply = refusal(status, type, message);
  }
}
