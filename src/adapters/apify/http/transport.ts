export type TransportRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
};

export type TransportAnswer = {
  readonly status: number;
  /** Names in lower case; may be empty. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body as text. */
  readonly body: string;
};

/** Sends one request, once. Rejects when no whole answer came: the request may have had its effect all the same. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

/** A page of 1,000 runs takes about 1 MB. What is far beyond that is no answer of Apify's. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Over the global `fetch`. A redirect is an answer like any other and is never followed: a token must not travel to
 * wherever a `location` points.
 */
export const fetchTransport: Transport = async ({ method, url, headers, body, signal }) => {
  const init = { method, headers, signal, redirect: "manual", ...(body !== undefined && { body }) } as const;
  const response = await fetch(url, init);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await textOf(response.body),
  };
};

async function textOf(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  // Leaving the loop early, as the throw does, cancels the stream and with it the download.
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const tooLarge = (): Error =>
  Object.assign(new Error(`the answer is larger than ${MAX_BODY_BYTES} bytes`), { code: "BODY_TOO_LARGE" });
