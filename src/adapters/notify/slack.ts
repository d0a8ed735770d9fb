import type { Channel } from "../../watchdog/model/notice.ts";
import type { Clock } from "../../watchdog/model/ports.ts";
import { addressIn, postJson } from "./post-json.ts";
import { type Secret, secretChannel } from "./secret-channel.ts";
import { slackMessage } from "./slack-message.ts";

/** Posts to a Slack incoming webhook. The secret is its URL. */
export const slack = (secret: Secret, clock: Pick<Clock, "sleep">): Channel =>
  secretChannel(secret, async (text, notices) => {
    const address = addressIn(text.trim(), secret.describe());
    const status = await postJson({ address, body: JSON.stringify(slackMessage(notices)) }, clock);
    return { said: `Slack answered ${status}` };
  });
