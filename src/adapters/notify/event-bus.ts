import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Channel } from "../../watchdog/model/notice.ts";
import { AWS_CLIENT } from "./aws-client.ts";

export const EVENT_SOURCE = "apify-run-watchdog";
export const EVENT_TYPE = "Apify Run Watchdog Notice";

/** Puts each notice on an event bus, as an event of its own whose detail it is. `bus`: a name or an ARN. */
export function eventBus(bus: string, client = new EventBridgeClient(AWS_CLIENT)): Channel {
  return {
    async send(notices) {
      const Entries = notices.map((notice) => ({
        EventBusName: bus,
        Source: EVENT_SOURCE,
        DetailType: EVENT_TYPE,
        Time: new Date(notice.at),
        Detail: JSON.stringify(notice),
      }));
      const { FailedEntryCount = 0, Entries: answers = [] } = await client.send(
        new PutEventsCommand({ Entries }),
      );
      if (FailedEntryCount > 0) {
        // The request is answered as taken all the same.
        const codes = new Set(answers.flatMap(({ ErrorCode }) => ErrorCode ?? []));
        throw new Error(
          `EventBridge refused ${FailedEntryCount} of ${notices.length} events: ${[...codes].join(", ")}`,
        );
      }
      return { said: `EventBridge took it for the bus ${bus}; its rules say who gets it` };
    },
  };
}
