import { Queue, queueClient } from "../src/adapters/notify/queue.ts";
import { systemClock } from "../src/adapters/system.ts";
import { channelOf } from "./channel-of.ts";
import { lambdaLog } from "./lambda-log.ts";
import { placeOf, readCourierEnv } from "./notifier-contract.ts";

/** All that the courier needs of the world, as its environment says. */
export function courierPorts(environment: NodeJS.ProcessEnv) {
  const env = readCourierEnv(environment);
  const sqs = queueClient();
  const routes = env.CHANNELS.map((setting) => {
    const [queue, givenUp] = [new Queue(setting.queueUrl, sqs), new Queue(setting.givenUpUrl, sqs)];
    return {
      name: setting.name,
      channel: channelOf(setting),
      backlog: async () => ({ waiting: await queue.size(), givenUp: await givenUp.size() }),
      moveBack: () => givenUp.moveBack(),
    };
  });
  return {
    place: placeOf(env),
    log: lambdaLog(),
    clock: systemClock,
    routes,
    channels: new Map(routes.map(({ name, channel }) => [name, channel])),
  };
}
