import type { Channel, LetterBody } from "../model/notice.ts";
import { messageOf } from "../model/pass.ts";
import type { Log } from "../model/ports.ts";

/** A message as it waits in a channel's queue. */
export type Letter = { readonly id: string; readonly body: string };

type DeliverPorts = {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly log: Log;
};

/** Without its cause: the parser quotes the text around the mistake. */
function bodyIn(text: string): LetterBody {
  try {
    const body = JSON.parse(text) as LetterBody | null;
    if (body !== null && Array.isArray(body.notices)) return body;
  } catch {}
  throw new Error("the message holds no notices");
}

async function deliverOne({ channels, log }: DeliverPorts, { body }: Letter): Promise<void> {
  const { channel: name, notices } = bodyIn(body);
  const channel = channels.get(name);
  if (channel === undefined) {
    throw new Error(
      `there is no channel "${name}" here; there are ${[...channels.keys()].join(", ") || "none"}`,
    );
  }
  const { said } = await channel.send(notices);
  log.info("sent", { channel: name, notices: notices.map(({ id }) => id), said });
}

/**
 * Sends what waits, each message by itself. Returns the ids of those that were not taken, which stay in their queue and come
 * again: a message is away only once its channel has it.
 */
export async function deliver(ports: DeliverPorts, letters: readonly Letter[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const letter of letters) {
    try {
      await deliverOne(ports, letter);
    } catch (error) {
      const why = messageOf(error);
      ports.log.warn("a message could not be sent", { message: letter.id, why });
      failed.push(letter.id);
    }
  }
  return failed;
}
