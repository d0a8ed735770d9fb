import type { Clock } from "../../../watchdog/model/ports.ts";
import { type Failure, GIVEN_UP, noAnswer } from "./failure.ts";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.ts";

type Exchanged =
  | { readonly kind: "answer"; readonly answer: TransportAnswer }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * One request and its answer, for at most `timeoutMs` of the clock and only until the signal aborts. Whatever ends
 * it ends the request and the timer too: neither outlives this call.
 */
export async function exchange(
  {
    transport,
    clock,
    timeoutMs,
  }: { readonly transport: Transport; readonly clock: Clock; readonly timeoutMs: number },
  request: Omit<TransportRequest, "signal">,
  signal: AbortSignal,
): Promise<Exchanged> {
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener("abort", end, { once: true });
  try {
    const answered = send(transport, { ...request, signal: over.signal });
    // The sleep ends early when `over` aborts, and so does the wait for a transport that ignores its signal.
    const timedOut = failed(noAnswer(`no answer within ${timeoutMs / 1_000} s`));
    const first = await Promise.race([answered, clock.sleep(timeoutMs, over.signal).then(() => timedOut)]);
    return first.kind === "failed" && signal.aborted ? failed(noAnswer(GIVEN_UP)) : first;
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

const failed = (failure: Failure): Exchanged => ({ kind: "failed", failure });

async function send(transport: Transport, request: TransportRequest): Promise<Exchanged> {
  try {
    return { kind: "answer", answer: await transport(request) };
  } catch (cause) {
    return failed(noAnswer(`the connection failed (${codeOf(cause)})`, cause));
  }
}

/** `ECONNRESET` and the like. `fetch` says only "fetch failed" and keeps what happened in its cause. */
function codeOf(error: unknown): string {
  let link = error;
  for (let depth = 0; link instanceof Error && depth < 10; depth++) {
    const { code } = link as { readonly code?: unknown };
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code;
    link = link.cause;
  }
  return error instanceof Error ? error.name : "no error given";
}
