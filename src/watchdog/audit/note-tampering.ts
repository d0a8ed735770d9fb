import { printableAll } from "../../policy/index.ts";
import { type Control, stateOf, type TamperingMark } from "../model/control.ts";
import { CONTROL_CHAIN, type EntryDraft, entryIdOf } from "../model/entry.ts";
import type { Tampered, Tampering } from "../model/notice.ts";
import type { ControlPorts, Ports } from "../model/ports.ts";
import { changeControl } from "./append.ts";
import { WATCHDOG } from "./drafts.ts";

const KIND = "audit.tampered";

/** Longer texts were written by whoever tampered. */
const MOST_QUOTED = 200;

function tamperedOf({ first, seen }: TamperingMark): Tampered {
  try {
    const { id: _id, ...tampered } = JSON.parse(first) as Tampering;
    return { ...printableAll(tampered, MOST_QUOTED), seen };
  } catch {
    return { seen };
  }
}

function draftOf({ ports, tick }: Noted, mark: TamperingMark): EntryDraft {
  return {
    // Of the same mark there is one entry, however many ticks read it.
    entryId: entryIdOf(CONTROL_CHAIN, KIND, mark.first, mark.seen),
    kind: KIND,
    at: ports.clock.now().toISOString(),
    subject: { kind: "control" },
    by: WATCHDOG,
    tickId: tick.id,
    change: { ...tamperedOf(mark) },
  };
}

type Noted = { readonly ports: ControlPorts & Pick<Ports, "clock">; readonly tick: { readonly id: string } };

/** Writes down that entries were changed or removed, which the notifier has seen, announced and marked. */
export async function noteTampering(noted: Noted, { tampering }: Control): Promise<void> {
  if (tampering === undefined) return;
  const { ports } = noted;
  const draft = draftOf(noted, tampering);
  await changeControl(ports, (control) =>
    control.tampering ? { next: stateOf(control), draft, chain: CONTROL_CHAIN } : undefined,
  );
  await ports.state.unmarkTampering(tampering);
}
