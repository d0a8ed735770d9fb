import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createNotifierStores } from "../src/adapters/dynamodb/notifier/notifier-stores.ts";
import { AWS_CLIENT } from "../src/adapters/notify/aws-client.ts";
import { deadLettersIn, outboxIn } from "../src/adapters/notify/outbox.ts";
import { Queue, queueClient } from "../src/adapters/notify/queue.ts";
import { systemClock, systemRandom } from "../src/adapters/system.ts";
import { TAMPERING_METRIC } from "./contract.ts";
import { countMetric } from "./count-metric.ts";
import { lambdaLog } from "./lambda-log.ts";
import { FOR_PEOPLE, kindsOf, MOST_TOGETHER, placeOf, readNotifierEnv } from "./notifier-contract.ts";

/** All that the notifier needs of the world, as its environment says. */
export function notifierPorts(environment: NodeJS.ProcessEnv) {
  const env = readNotifierEnv(environment);
  const stores = createNotifierStores({
    // The stores repeat requests themselves.
    client: new DynamoDBClient({ ...AWS_CLIENT, maxAttempts: 1 }),
    stateTable: env.STATE_TABLE,
    auditTable: env.AUDIT_TABLE,
    account: env.ACCOUNT,
    random: systemRandom,
    sleep: (ms) => systemClock.sleep(ms),
  });
  const sqs = queueClient();
  return {
    ...stores,
    place: placeOf(env),
    log: lambdaLog(),
    outboxes: env.OUTBOXES.map(({ name, channel, kinds, queueUrl }) =>
      outboxIn(new Queue(queueUrl, sqs), {
        name,
        kinds: new Set(kindsOf(channel, kinds)),
        mostTogether: MOST_TOGETHER[channel],
        forPeople: FOR_PEOPLE.includes(channel),
      }),
    ),
    deadLetters: deadLettersIn(new Queue(env.DEAD_LETTER_QUEUE, sqs)),
    ring: () => countMetric(TAMPERING_METRIC, env.ACCOUNT),
  };
}
