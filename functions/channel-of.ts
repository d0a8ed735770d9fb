import { eventBus } from "../src/adapters/notify/event-bus.ts";
import type { Secret } from "../src/adapters/notify/secret-channel.ts";
import { slack } from "../src/adapters/notify/slack.ts";
import { snsTopic } from "../src/adapters/notify/sns-topic.ts";
import { webhook } from "../src/adapters/notify/webhook.ts";
import { systemClock } from "../src/adapters/system.ts";
import { secretText } from "../src/adapters/token/index.ts";
import { ConfigError } from "../src/watchdog/model/errors.ts";
import type { Channel } from "../src/watchdog/model/notice.ts";
import type { ChannelSetting, SecretTarget } from "./notifier-contract.ts";

function secretOf(name: string, { secretArn, parameterName }: SecretTarget): Secret {
  const setting = `the secret of the channel ${name}`;
  if (secretArn !== undefined) return secretText({ secretArn }, setting, systemClock);
  if (parameterName !== undefined) return secretText({ parameterName }, setting, systemClock);
  throw new ConfigError(`the channel ${name} needs a secretArn or a parameterName`);
}

/** The way to a channel. Nothing is asked of anybody before something is sent. */
export function channelOf({ name, target }: ChannelSetting): Channel {
  if (target.kind === "sns") return snsTopic(target.topicArn);
  if (target.kind === "eventbridge") return eventBus(target.bus);
  const secret = secretOf(name, target);
  return target.kind === "slack" ? slack(secret, systemClock) : webhook(secret, systemClock);
}
