import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Transport } from "../src/adapters/apify/index.ts";
import type { TokenSource } from "../src/adapters/token/index.ts";

/** The requests that are not answered yet: when the process is about to be cut off, they are why. */
export class InFlight {
  readonly #waiting = new Set<{ readonly what: string }>();

  /** What each is for. Paths only: no query, no body, no secret. */
  get list(): readonly string[] {
    return [...this.#waiting].map(({ what }) => what);
  }

  #during<T>(what: string, work: () => Promise<T>): Promise<T> {
    const request = { what };
    this.#waiting.add(request);
    return work().finally(() => this.#waiting.delete(request));
  }

  watchClient(client: DynamoDBClient): DynamoDBClient {
    client.middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) =>
          this.#during(`DynamoDB ${commandName.replace(/Command$/, "")}`, () => next(args)),
      { step: "initialize" },
    );
    return client;
  }

  watchToken(token: TokenSource): TokenSource {
    const reading = `reading ${token.describe()}`;
    const [get, refresh] = [token.get, token.refresh].map((read) => () => this.#during(reading, read));
    return { ...token, ...(get && { get }), ...(refresh && { refresh }) };
  }

  watchTransport =
    (send: Transport): Transport =>
    (request) =>
      this.#during(`Apify ${request.method} ${new URL(request.url).pathname}`, () => send(request));
}
