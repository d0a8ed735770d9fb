import type { ServerResponse } from "node:http";

const BEAT_MS = 15_000;

/**
 * Server-sent events to one reader. One that reads slowly gets the latest of each name, and none that was overtaken meanwhile:
 * what waits for it stays as small as the page. Source: HTML Standard, "Server-sent events".
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #waiting = new Map<string, string>();
  readonly #beat: NodeJS.Timeout;
  #isFull = false;

  constructor(response: ServerResponse, closed: () => void) {
    this.#response = response;
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    this.#beat = setInterval(() => this.#write(": still here\n\n"), BEAT_MS);
    response.on("drain", () => {
      this.#isFull = false;
      this.#flush();
    });
    response.once("close", () => {
      clearInterval(this.#beat);
      closed();
    });
    // How long a browser waits before it asks again, in ms; and something is sent at once, so that it knows it is heard.
    this.#write("retry: 2000\n\n");
  }

  /** `key`: of two events of the same key the first is left out, where it has not left yet. `name`: the event's. */
  send(name: string, key: string, value: unknown): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
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
