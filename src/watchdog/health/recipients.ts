import { formatCount } from "../../policy/index.ts";
import type { Deployment, Fact } from "../model/deployed/deployment.ts";

/** Where a stack's notifications go. */
export type NotifiedPlaces = {
  readonly stopTopic?: string | undefined;
  readonly courierName?: string | undefined;
};

export type Recipients = {
  /** Subscriptions of the topic for stops: confirmed ones, and those that still wait for it. */
  readonly confirmed: number;
  readonly pending: number;
  /** Channels that are no topic: Slack, an event bus, a webhook. */
  readonly channels: readonly string[];
};

const NONE: Fact<readonly string[]> = { kind: "known", value: [] };

/** Who is notified, as far as AWS knows; nobody is an answer, too. */
export async function recipientsOf(
  deployment: Pick<Deployment, "subscribers" | "channels">,
  { stopTopic, courierName }: NotifiedPlaces,
): Promise<Fact<Recipients>> {
  const [subscribers, channels] = await Promise.all([
    stopTopic === undefined ? undefined : deployment.subscribers(stopTopic),
    courierName === undefined ? NONE : deployment.channels(courierName),
  ]);
  const confirmed = subscribers?.kind === "known" ? subscribers.value : { confirmed: 0, pending: 0 };
  const known = channels.kind === "known" ? channels.value : [];
  const isSomebody = known.length > 0 || confirmed.confirmed > 0;
  // One that is there is enough; that there is none must be known of all.
  const open = [subscribers, channels].find((each) => each?.kind === "unknown");
  if (open?.kind === "unknown" && !isSomebody) return open;
  return { kind: "known", value: { ...confirmed, channels: known } };
}

export const isNobody = ({ confirmed, channels }: Recipients): boolean =>
  confirmed === 0 && channels.length === 0;

/** In words: `2 confirmed recipients, and slack`; of nobody, why. */
export function recipientsText(recipients: Recipients, { stopTopic }: NotifiedPlaces): string {
  const { confirmed, pending, channels } = recipients;
  const more = pending > 0 ? `; ${pending} not confirmed yet` : "";
  if (isNobody(recipients))
    return stopTopic === undefined
      ? "no recipient is deployed"
      : `the topic has no confirmed subscription${more}`;
  const mails = confirmed > 0 ? [formatCount(confirmed, "confirmed recipient")] : [];
  return `${[...mails, ...channels].join(", ")}${more}`;
}

/** What to do where nobody is notified. */
export const notifyFix = ({ pending }: Recipients): string =>
  pending > 0
    ? "confirm by the link in AWS's mail; look into the spam folder"
    : "subscribe to the topic, or deploy again with -c stopEmail=you@example.com or another channel (docs/notifications.md)";
