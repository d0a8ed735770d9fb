import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { HOUR_MS } from "../../policy/index.ts";
import type { Deployment } from "../../watchdog/model/deployed/deployment.ts";
import { ask, orNone, PATIENT } from "./ask.ts";

const PERIOD_SECS = 300;

/** Of all variables only these: others may be secrets. */
const TOLD = ["STATE_TABLE", "AUDIT_TABLE", "ACCOUNT", "APIFY_TOKEN_SECRET", "APIFY_TOKEN_PARAMETER"];

/** As the courier's environment has it. */
type Channel = { readonly name?: string; readonly target?: { readonly kind?: string } };

const open = async () => new LambdaClient(PATIENT);

/** A metric of AWS's own about a function, by its name in small letters. */
const metric = (functionName: string, name: string) => ({
  Id: name.toLowerCase(),
  MetricStat: {
    Metric: {
      Namespace: "AWS/Lambda",
      MetricName: name,
      Dimensions: [{ Name: "FunctionName", Value: functionName }],
    },
    Period: PERIOD_SECS,
    Stat: "Sum",
  },
});

export const functionFacts = (
  now: () => Date,
): Pick<Deployment, "function" | "invocations" | "readers" | "channels"> => ({
  function: (name) =>
    ask("lambda:GetFunctionConfiguration and lambda:GetFunctionConcurrency", open, async (client) => {
      const answer = client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
      const config = await orNone(answer, "ResourceNotFoundException");
      if (config === undefined) return undefined;
      const concurrency = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
      const { ReservedConcurrentExecutions: reserved } = concurrency;
      const variables = config.Environment?.Variables ?? {};
      return {
        arn: config.FunctionArn ?? "",
        state: config.State ?? "unknown",
        lastUpdate: config.LastUpdateStatus ?? "unknown",
        timeoutSecs: config.Timeout ?? 0,
        variables: Object.fromEntries(TOLD.map((each) => [each, variables[each]])),
        ...(reserved !== undefined && { reserved }),
      };
    }),

  invocations: (name) =>
    ask(
      "cloudwatch:GetMetricData",
      async () => new CloudWatchClient(PATIENT),
      async (client) => {
        const end = now();
        const { MetricDataResults = [] } = await client.send(
          new GetMetricDataCommand({
            StartTime: new Date(end.getTime() - HOUR_MS),
            EndTime: end,
            MetricDataQueries: ["Invocations", "Errors", "Throttles"].map((each) => metric(name, each)),
          }),
        );
        const sumOf = (id: string): number =>
          (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce((sum, each) => sum + each, 0);
        return { count: sumOf("invocations"), errors: sumOf("errors"), throttles: sumOf("throttles") };
      },
    ),

  channels: (name) =>
    ask("lambda:GetFunctionConfiguration", open, async (client) => {
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
      const channels = JSON.parse(Environment?.Variables?.CHANNELS ?? "[]") as readonly Channel[];
      return channels.flatMap(({ name: own = "?", target }) => (target?.kind === "sns" ? [] : [own]));
    }),

  readers: (name) =>
    ask("lambda:ListEventSourceMappings", open, async (client) => {
      const answer = await client.send(new ListEventSourceMappingsCommand({ FunctionName: name }));
      return (answer.EventSourceMappings ?? []).map(({ State = "unknown", LastProcessingResult }) => ({
        state: State,
        ...(LastProcessingResult !== undefined && { lastResult: LastProcessingResult }),
      }));
    }),
});
