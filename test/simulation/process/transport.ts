import type { Emulator, EmulatorResponse } from "../../../emulator/index.ts";
import type { Transport } from "../../../src/adapters/apify/index.ts";
import type { Process } from "./process.ts";
import type { Weather } from "./weather.ts";
import type { Over, Witness } from "./witness.ts";

type Answered = Awaited<ReturnType<Transport>>;

/** The wire between a process and the pretend Apify. */
export function wiredTransport(
  process: Process,
  weather: Weather,
  witness: Witness,
  emulator: Emulator,
): Transport {
  return ({ method, url, headers, body, signal }) => {
    const leftAtMs = emulator.clock.now();
    const saidMs = process.wallMs();
    const path = url.replace(/^https?:\/\/[^/]+/, "").replace(/&limit=.*$/, "");
    witness.left(process.id, url);
    let goneAtMs: number | undefined;
    let isOver: Over = () => {
      goneAtMs = emulator.clock.now();
    };
    return process.send<Answered>({
      what: `${method} ${path}`,
      passage: weather.network(method),
      signal,
      error: (fails) =>
        Object.assign(new Error("socket hang up"), {
          code: fails === "before" ? "ECONNREFUSED" : "ECONNRESET",
        }),
      over: (answered) => isOver(answered ? "delivered" : "left"),
      arrived: () => isOver("arrived"),
      effect: () => {
        const response = emulator.handle({ method, url, headers, ...(body !== undefined && { body }) });
        isOver = witness.saw(process.id, { url, leftAtMs, saidMs, goneAtMs }, response);
        return { value: answerOf(response), lateMs: response.delayMs };
      },
    });
  };
}

async function answerOf(response: EmulatorResponse): Promise<Answered> {
  if (response.kind === "reset") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  const { status, headers, body } = response;
  return { status, headers, body };
}
