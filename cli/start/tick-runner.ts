import { appendFileSync } from "node:fs";
import { systemClock } from "../../src/adapters/system.ts";
import type { Log, Ports } from "../../src/watchdog/model/ports.ts";
import type { TickOptions } from "../../src/watchdog/tick/open.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";

const TICK_MS = 60_000;

/** A tick that failed, as the function said it. */
export class TickError extends Error {
  override name = "TickError" as const;
  /** The error's own name, such as `ConfigError`. */
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Something that runs ticks: the built function, or the same use case in this process. */
export interface TickRunner {
  /** Throws `TickError`, with the text that a person should see. */
  tick(): Promise<TickReport>;
  close(): Promise<void>;
}

/** How long a tick of `npm start` may take, as an option of the use cases. */
export const tickOptions = ({ clock }: Pick<Ports, "clock">, observeOnly: boolean): TickOptions => ({
  signal: new AbortController().signal,
  endsBy: new Date(clock.now().getTime() + TICK_MS),
  observeOnly,
  allowHolds: !observeOnly,
});

/** Runs ticks in this process. `observeOnly`: whatever the policy in force says, and whoever pushed it. */
export function inProcessRunner(
  ports: Ports,
  { observeOnly, save = () => undefined }: { readonly observeOnly: boolean; readonly save?: () => void },
): TickRunner {
  return {
    async tick() {
      try {
        return await runTick(ports, tickOptions(ports, observeOnly));
      } catch (error) {
        throw error instanceof Error ? new TickError(error.name, error.message) : error;
      } finally {
        save();
      }
    },
    close: async () => save(),
  };
}

/** A log in a file, a line of JSON each. */
export function fileLog(file: string): Log {
  const write =
    (level: string): Log["info"] =>
    (message, fields = {}) =>
      appendFileSync(file, `${JSON.stringify({ level, message, at: systemClock.now(), ...fields })}\n`);
  return { info: write("INFO"), warn: write("WARN") };
}
