import { changeControl, readChain } from "../audit/append.ts";
import type { DrillChange } from "../audit/describe-drill.ts";
import { type DrillRequest, stateOf } from "../model/control.ts";
import { CONTROL_CHAIN, type Entry, entryIdOf } from "../model/entry.ts";
import { checkGiven } from "../model/given.ts";
import type { AuditReads, OperatorPorts } from "../model/ports.ts";
import { operate } from "../policies/operate.ts";

/** A drill that is asked for; or who waits for another one already. */
export type Asked =
  | { readonly kind: "asked"; readonly request: DrillRequest }
  | { readonly kind: "busy"; readonly by: string };

/** Asks the next tick for a drill, in the name of an operator, for as long as it is waited for. */
export async function askForDrill(ports: OperatorPorts, by: string, until: Date): Promise<Asked> {
  checkGiven({ by });
  const at = ports.clock.now();
  const request = { id: entryIdOf(ports.newTickId(), at.toISOString()).slice(0, 8), by, at, until };
  let busy: string | undefined;
  await changeControl(ports, (control) => {
    const { drill } = control;
    busy = drill && drill.until > at && drill.id !== request.id ? drill.by : undefined;
    return busy === undefined ? { next: { ...stateOf(control), drill: request } } : undefined;
  });
  return busy === undefined ? { kind: "asked", request } : { kind: "busy", by: busy };
}

/** The entry with which a tick answered; `undefined` as long as none did. */
export async function answerTo(
  ports: { readonly audit: AuditReads },
  { id }: DrillRequest,
): Promise<Entry | undefined> {
  const { entries } = await readChain(ports, CONTROL_CHAIN);
  return entries.findLast(
    ({ kind, change }) => kind === "drill.begun" && (change as DrillChange | undefined)?.drillId === id,
  );
}

/** Writes down how it went, and takes the request back where no tick answered it. */
export async function endDrill(
  ports: OperatorPorts,
  { id, by }: DrillRequest,
  failed: readonly string[],
): Promise<void> {
  const change: DrillChange = { drillId: id, passed: failed.length === 0, failed };
  await operate(ports, (control) => {
    const { drill, ...rest } = stateOf(control);
    const next = drill === undefined || drill.id === id ? rest : { ...rest, drill };
    return { next, entry: { kind: "drill.ended", by, change } };
  });
}
