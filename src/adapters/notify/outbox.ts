import type { DeadLetters, LetterBody, Outbox } from "../../watchdog/model/notice.ts";
import type { Queue } from "./queue.ts";

/** The outbox of a channel, in the queue that is before it. */
export const outboxIn = (queue: Queue, outbox: Omit<Outbox, "put">): Outbox => ({
  ...outbox,
  async put(messages) {
    const bodies = messages.map((notices): LetterBody => ({ channel: outbox.name, notices }));
    const { left, why } = await queue.put(bodies.map((body) => JSON.stringify(body)));
    return {
      left: messages.filter((_message, place) => left.includes(place)),
      ...(why !== undefined && { why }),
    };
  },
});

/** Dead letters, in a queue that nobody reads but a person. */
export const deadLettersIn = (queue: Queue): DeadLetters => ({
  async put(letters) {
    const { left, why } = await queue.put(letters.map((letter) => JSON.stringify(letter)));
    if (left.length > 0) throw new Error(`the queue of dead letters does not take ${left.length}: ${why}`);
  },
});
