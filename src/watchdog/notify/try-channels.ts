import { type Channel, NOTICE_VERSION, type Notice, type Receipt } from "../model/notice.ts";
import { messageOf } from "../model/pass.ts";
import type { Place } from "./place.ts";

/** How many messages wait to be sent, and how many were given up. */
export type Backlog = { readonly waiting: number; readonly givenUp: number };

/** A channel with the queue before it. Both throw when the queue can't be asked. */
export type Route = {
  readonly name: string;
  readonly channel: Channel;
  backlog(): Promise<Backlog>;
  /** Begins to put what was given up back into the queue. */
  moveBack(): Promise<void>;
};

/** What came of a test. `reaches`: to how many it goes from there, where that can be known. */
export type Tried = {
  readonly channel: string;
  readonly taken: boolean;
  readonly says: string;
  readonly reaches?: number;
  readonly backlog?: Backlog;
};

/** Recognisable as a test by people and programs alike. */
function testNotice(id: string, now: Date, { account, stack }: Place): Notice {
  const from = stack === undefined ? `account ${account}` : `account ${account}, stack ${stack}`;
  return {
    version: NOTICE_VERSION,
    id: `test-${id}`,
    kind: "test",
    at: now.toISOString(),
    account,
    ...(stack !== undefined && { stack }),
    word: "TEST",
    title: "TEST: notices arrive here",
    text: "somebody asked the watchdog to try its channels; nothing happened to any run",
    facts: [{ name: "From", value: from }],
  };
}

async function tryOne({ name, channel, backlog }: Route, notice: Notice): Promise<Tried> {
  const receipt: Promise<Receipt | { readonly error: unknown }> = channel
    .send([notice])
    .catch((error: unknown) => ({ error }));
  const waiting = backlog().catch(messageOf);
  const [answer, queue] = await Promise.all([receipt, waiting]);
  const problem = typeof queue === "string" ? `; its queue can't be asked: ${queue}` : "";
  const known = typeof queue === "string" ? {} : { backlog: queue };
  if ("error" in answer)
    return { channel: name, taken: false, says: messageOf(answer.error) + problem, ...known };
  const { said, reaches } = answer;
  return {
    channel: name,
    taken: true,
    says: said + problem,
    ...(reaches !== undefined && { reaches }),
    ...known,
  };
}

/** Sends a test through every channel, past its queue so that the answer is known, and says what came of each. */
export function tryChannels(
  routes: readonly Route[],
  { id, now, place }: { readonly id: string; readonly now: Date; readonly place: Place },
): Promise<readonly Tried[]> {
  const notice = testNotice(id, now, place);
  return Promise.all(routes.map((route) => tryOne(route, notice)));
}
