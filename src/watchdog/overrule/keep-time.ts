import { DAY_MS, type Exemption } from "../../policy/index.ts";
import { WATCHDOG } from "../audit/drafts.ts";
import { type Control, stateOf } from "../model/control.ts";
import { findExemption, isSameGrant, subjectWords, type ValidExemption } from "../model/exemption.ts";
import { errorText, type Noting, skip, type Timed } from "../model/pass.ts";
import type { OperatorPorts } from "../model/ports.ts";
import { operate, toldPause } from "../policies/operate.ts";
import { endExemption, toldExemption } from "./exemptions.ts";

const MINUTE_MS = 60_000;
const LEAST_NOTICE_MS = 10 * MINUTE_MS;

const TIME_IS_UP = "its time was up";

/**
 * How long before an exemption's end that is told: a tenth of its span, but at least ten minutes and at most a day.
 * Ten minutes where it is not known when it was granted. 0 for a span of ten minutes or less: the grant has just said it.
 */
export function noticeMs({ grantedAt, until }: Pick<ValidExemption, "grantedAt" | "until">): number {
  if (grantedAt === undefined) return LEAST_NOTICE_MS;
  const spanMs = until.getTime() - grantedAt.getTime();
  return spanMs <= LEAST_NOTICE_MS ? 0 : Math.min(DAY_MS, Math.max(LEAST_NOTICE_MS, spanMs / 10));
}

const isOver = ({ until }: { readonly until?: Date }, now: Date): boolean =>
  until !== undefined && now >= until;

const isEnding = (exemption: ValidExemption, now: Date): boolean =>
  exemption.noticedAt === undefined &&
  !isOver(exemption, now) &&
  exemption.until.getTime() - now.getTime() <= noticeMs(exemption);

/** What keeping time takes. */
type Keeping = Timed & Noting & { readonly ports: OperatorPorts };

/** Takes a pause off whose end has passed, and says so in the audit; whichever tick is first. */
const endPause = ({ ports, tick }: Keeping) =>
  operate(ports, (control) => {
    const { pause, ...next } = stateOf(control);
    if (pause === undefined || !isOver(pause, ports.clock.now())) return undefined;
    const change = { reason: TIME_IS_UP, pause: toldPause(pause) };
    return { next, entry: { kind: "control.resumed", by: WATCHDOG, tickId: tick.id, change } };
  });

const end = ({ ports, tick }: Keeping, exemption: ValidExemption) =>
  endExemption(
    ports,
    exemption.subject,
    { by: WATCHDOG, reason: TIME_IS_UP, tickId: tick.id },
    (stands) => stands.kind === "valid" && isOver(stands, ports.clock.now()),
  );

/** Says that an exemption is about to end, once: that it was said is written with it. */
const announce = ({ ports, tick }: Keeping, exemption: ValidExemption) =>
  operate(ports, (control) => {
    const stands = findExemption(control, exemption.subject);
    if (!isSameGrant(stands, exemption) || !isEnding(stands, ports.clock.now())) return undefined;
    const change = toldExemption(stands);
    const entry = { kind: "exemption.ending", by: WATCHDOG, tickId: tick.id, change } as const;
    const put = { ...stands, noticedAt: ports.clock.now() };
    return { next: stateOf(control), entry, exemption: { put, standing: stands } };
  });

function tellMalformed(noting: Noting, { subject, problem }: Exemption & { kind: "malformed" }): void {
  const whom = subjectWords(subject);
  noting.ports.log.warn("an exemption can't be read; it protects its subject all the same", {
    protects: whom,
    problem,
  });
  skip(noting, `malformed exemption protects ${whom}`);
}

/**
 * Keeps the time of what operators promised: a pause or an exemption whose time is up is taken off with an entry, one
 * that is about to end is announced once, one that can't be read is counted. By `control` it is only seen what is due;
 * each piece is judged again on the state that it is written on. One that fails never stops the others.
 */
export async function keepTime(keeping: Keeping, control: Control): Promise<void> {
  const now = keeping.ports.clock.now();
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      keeping.ports.log.warn(`${what} failed`, { error: errorText(error) });
      skip(keeping, `${what} failed`);
    }
  };
  if (control.pause && isOver(control.pause, now)) await attempt("ending a pause", () => endPause(keeping));
  for (const exemption of control.exemptions) {
    if (exemption.kind === "malformed") tellMalformed(keeping, exemption);
    else if (isOver(exemption, now)) await attempt("ending an exemption", () => end(keeping, exemption));
    else if (isEnding(exemption, now))
      await attempt("announcing an exemption's end", () => announce(keeping, exemption));
  }
}
