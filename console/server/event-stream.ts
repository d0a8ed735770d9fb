import type { ServerResponse } from "node:http";
import { BEAT_MS } from "../api.ts";

/** Who reads nothing for so many beats has gone, and does not say so. */
const MOST_UNREAD_BEATS = 12;

/**
 * Server-sent events to one reader. One that reads slowly gets the latest of each name, and none that was overtaken meanwhile:
 * what waits for it stays as small as the page. Source: HTML Standard, "Server-sent events".
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #waiting = new Map<string, string>();
  readonly #beat: NodeJS.Timeout;
  #isFull = false;

  constructor(response: ServerResponse, { now, closed }: { now: () => Date; closed: () => void }) {
    this.#response = response;
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    let unread = 0;
    const beat = (): void => {
      unread = this.#isFull ? unread + 1 : 0;
      if (unread > MOST_UNREAD_BEATS) response.destroy();
      else this.send("beat", "beat", now().toISOString());
    };
    this.#beat = setInterval(beat, BEAT_MS);
    response.on("drain", () => {
      this.#isFull = false;
      this.#flush();
    });
    response.once("close", () => {
      clearInterval(this.#beat);
      closed();
    });
    // How long a browser waits before it asks again, in ms.
    this.#write("retry: 2000\n\n");
    beat();
  }

  /** `key`: of two events of the same key the first is left out, where it has not left yet. `name`: the event's. */
  send(name: string, key: string, value: unknown): void {
    this.#waiting.delete(key);
    const data = typeof value === "string" ? value : JSON.stringify(value);
    this.#waiting.set(key, `event: ${name}\ndata: ${data}\n\n`);
    this.#flush();
  }

  #flush(): void {
    for (const [key, text] of this.#waiting) {
      if (this.#isFull) return;
      this.#waiting.delete(key);
      this.#write(text);
    }
  }

  #write(text: string): void {
    if (this.#response.destroyed) return;
    this.#isFull = !this.#response.write(text) || this.#isFull;
  }
}
