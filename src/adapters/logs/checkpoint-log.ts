import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { ConfigError } from "../../watchdog/model/errors.ts";
import type { CheckpointLog, Clock, LoggedLine } from "../../watchdog/model/ports.ts";

/** A log that hangs must not hold up more than a part of a tick: what was not written is tried again later. */
const LOGS_CLIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
} as const;

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/**
 * A log group of CloudWatch Logs that holds checkpoints, a stream for each account. CloudWatch itself says when it took a
 * line. The client is made at the first use.
 */
export function cloudWatchLog(
  {
    logGroup,
    account,
    clock,
  }: { readonly logGroup: string; readonly account: string; readonly clock: Clock },
  client?: CloudWatchLogsClient,
): CheckpointLog {
  let open = client;
  const connect = (): CloudWatchLogsClient => {
    open ??= new CloudWatchLogsClient(LOGS_CLIENT);
    return open;
  };
  const place = { logGroupName: logGroup, logStreamName: account };

  async function put(line: string): Promise<void> {
    const command = new PutLogEventsCommand({
      ...place,
      logEvents: [{ message: line, timestamp: clock.now().getTime() }],
    });
    const { rejectedLogEventsInfo: rejected } = await connect().send(command);
    if (rejected) throw new Error(`the log group ${logGroup} took no line: ${JSON.stringify(rejected)}`);
  }

  /** The stream is made with the first line. A group that is not there fails at that, too. */
  async function putOrBegin(line: string): Promise<void> {
    try {
      await put(line);
    } catch (error) {
      if (!isNamed(error, "ResourceNotFoundException")) throw error;
      await connect()
        .send(new CreateLogStreamCommand(place))
        .catch((made: unknown) => {
          if (!isNamed(made, "ResourceAlreadyExistsException")) throw made;
        });
      await put(line);
    }
  }

  return {
    async append(lines) {
      for (const line of lines) await putOrBegin(line);
    },
    async *lines() {
      try {
        yield* linesOf(connect(), place);
      } catch (error) {
        // Verifying finds what is missing by the checkpoints that the audit has.
        if (isNamed(error, "ResourceNotFoundException")) return;
        throw isNamed(error, "AccessDeniedException") ? unreadable(logGroup, error) : error;
      }
    },
  };
}

async function* linesOf(
  client: CloudWatchLogsClient,
  { logGroupName, logStreamName }: { readonly logGroupName: string; readonly logStreamName: string },
): AsyncGenerator<LoggedLine> {
  let nextToken: string | undefined;
  do {
    const command = new FilterLogEventsCommand({ logGroupName, logStreamNames: [logStreamName], nextToken });
    const page = await client.send(command);
    for (const { message, ingestionTime } of page.events ?? []) {
      if (message !== undefined && ingestionTime !== undefined)
        yield { text: message, loggedAt: new Date(ingestionTime) };
    }
    nextToken = page.nextToken;
  } while (nextToken);
}

const unreadable = (logGroup: string, cause: unknown): ConfigError =>
  new ConfigError(
    `Reading the audit's checkpoints in the log group ${logGroup} was denied: this identity needs logs:FilterLogEvents on it, which the construct's grantReadAudit() gives.`,
    { cause },
  );
