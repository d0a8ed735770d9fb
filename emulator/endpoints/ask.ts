import type { User } from "../runs/actor.ts";

/** A request as endpoints see it. */
export type Ask = {
  readonly nowMs: number;
  /** The instant that reads show: earlier than `nowMs` when a fault makes them lag. */
  readonly asOfMs: number;
  /** Undefined without a token. */
  readonly user: User | undefined;
  readonly path: {
    readonly actor?: string;
    readonly task?: string;
    readonly run?: string;
    readonly schedule?: string;
  };
  readonly query: URLSearchParams;
  readonly body: string | undefined;
};
