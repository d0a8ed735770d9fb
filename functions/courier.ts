import middy from "@middy/core";
import type { Context, SQSEvent } from "aws-lambda";
import { deliver } from "../src/watchdog/notify/deliver.ts";
import { resend } from "../src/watchdog/notify/resend.ts";
import { tryChannels } from "../src/watchdog/notify/try-channels.ts";
import { courierPorts } from "./courier-ports.ts";

/** Messages of a channel's queue; `watchdog notify test`, with the id by which its test is known; or `watchdog notify resend`. */
type CourierEvent = SQSEvent | { readonly test: string } | { readonly resend: true };

let ports: ReturnType<typeof courierPorts> | undefined;

/** Nothing is built before the first event, so that a bad environment fails with its reason. */
async function carry(event: CourierEvent, { awsRequestId }: Context) {
  ports ??= courierPorts(process.env);
  ports.log.begin(awsRequestId);
  const { routes, clock, place } = ports;
  if ("test" in event)
    return { channels: await tryChannels(routes, { id: event.test, now: clock.now(), place }) };
  if ("resend" in event) return { channels: await resend(routes) };
  const letters = event.Records.map(({ messageId: id, body }) => ({ id, body }));
  const failed = await deliver(ports, letters);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

export const handler = middy<CourierEvent>().handler(carry);
