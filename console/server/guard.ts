import type { IncomingMessage } from "node:http";
import { SESSION_HEADER } from "../api.ts";
import { Refusal } from "./refusal.ts";
import type { Session } from "./session.ts";

/** Sent with every answer, refusals too: nothing is kept, framed, sniffed, sent on or loaded from elsewhere. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/**
 * Throws `Refusal` for what another page may have sent. A name that leads here by DNS rebinding is in Host; the page that a
 * request comes from is in Origin and Sec-Fetch-Site, where other ports of this machine are "same-site", which is not enough.
 */
export function checkOrigin({ headersDistinct: headers }: IncomingMessage, authority: string): void {
  const [host, ...hosts] = headers.host ?? [];
  if (host !== authority || hosts.length > 0)
    throw new Refusal(421, `This is http://${authority}/ and answers to no other name.`);
  const origins = headers.origin ?? [];
  const sites = headers["sec-fetch-site"] ?? [];
  const isElsewhere =
    origins.some((origin) => origin !== `http://${authority}`) ||
    sites.some((site) => site !== "same-origin" && site !== "none");
  if (isElsewhere)
    throw new Refusal(
      403,
      `Another page asked for this. Type or paste the address yourself: http://${authority}/`,
    );
}

/** Throws `Refusal` for who did not open the address that was printed. */
export function checkCookie({ headers }: IncomingMessage, session: Session): void {
  if (!session.isKnown(headers.cookie ?? ""))
    throw new Refusal(
      401,
      "Open the address that watchdog console printed. It works once, in one browser; for another browser start the console again.",
    );
}

/** Throws `Refusal` for a write that the page itself did not send, or where the console only shows. */
export function checkWrite(
  { headers, headersDistinct }: IncomingMessage,
  { session, canAct }: { readonly session: Session; readonly canAct: boolean },
): void {
  const [origin] = headersDistinct.origin ?? [];
  if (origin === undefined) throw new Refusal(403, "A write needs the header Origin, which browsers send.");
  const [given = "", ...more] = headersDistinct[SESSION_HEADER] ?? [];
  if (more.length > 0 || !session.mayWrite(given))
    throw new Refusal(403, `A write needs the header ${SESSION_HEADER}, which the page has: load it again.`);
  if (!canAct)
    throw new Refusal(
      403,
      "This console only shows. To act from it, start it again with: watchdog console --act",
    );
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json")
    throw new Refusal(415, "A write is JSON: Content-Type: application/json.");
}
