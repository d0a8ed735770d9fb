import { type Pointer, pointerDocument } from "../../../functions/pointer.ts";
import { AUDIT_CHANGES } from "../../../src/watchdog/model/deployed/deployment.ts";
import { serve } from "../serve.ts";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:";
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:stops";

export const POINTER: Pointer = {
  account: "default",
  region: "eu-west-1",
  stateTable: "acme-state",
  auditTable: "acme-audit",
  apifyTokenParameter: "/acme/token",
  functionName: "acme-watchdog",
  notifierName: "acme-notifier",
  stopTopic: TOPIC,
};

type Input = Readonly<Record<string, unknown>>;
/** What an operation answers: an object for JSON, text for XML, or the name of an error. */
export type Answer = object | string | { readonly error: string };
type Answers = Readonly<Record<string, (input: Input) => Answer>>;

const table = (name: string): object => ({
  Table: {
    TableName: name,
    TableArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${name}`,
    TableStatus: "ACTIVE",
    DeletionProtectionEnabled: true,
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  },
});

const denial = (Action: unknown, more: object = {}) => ({
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action,
  Resource: "*",
  ...more,
});
const LONE_PUTS = { StringNotEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } };

/** A policy that denies these, and puts outside of transactions. */
export const denying = (
  actions: readonly string[],
  more: object = {},
  puts: object = { Condition: LONE_PUTS },
): object => ({
  Policy: JSON.stringify({ Statement: [denial(actions, more), denial("dynamodb:PutItem", puts)] }),
});

const resources = [
  ["AWS::Scheduler::Schedule", "acme-ticks"],
  ["AWS::CloudWatch::Alarm", "acme-attention"],
  ["AWS::CloudWatch::Alarm", "acme-no-complete-tick"],
];
const xml = (action: string, result: string): string =>
  `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
const member = (inner: string): string => `<member>${inner}</member>`;
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Stacks by name, each with the pointers that its outputs hold. */
export const described = (stacks: Readonly<Record<string, readonly Pointer[]>>): string =>
  xml(
    "DescribeStacks",
    `<Stacks>${Object.entries(stacks)
      .map(([name, pointers]) => {
        const outputs = pointers.map((pointer, at) =>
          member(
            `<OutputKey>O${at}</OutputKey><OutputValue>${escaped(JSON.stringify(pointerDocument(pointer)))}</OutputValue>`,
          ),
        );
        return member(
          `<StackName>${name}</StackName><CreationTime>2026-11-25T10:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs.join("")}</Outputs>`,
        );
      })
      .join("")}</Stacks>`,
  );

export const subscribed = (confirmed: number, pending = 0): string =>
  xml(
    "GetTopicAttributes",
    `<Attributes><entry><key>SubscriptionsConfirmed</key><value>${confirmed}</value></entry><entry><key>SubscriptionsPending</key><value>${pending}</value></entry></Attributes>`,
  );

export const alarms = (...states: readonly string[]): object => alarmsOf([TOPIC], states);
/** Alarms as they are where nothing is deployed that they could notify. */
export const muteAlarms = (...states: readonly string[]): object => alarmsOf([], states);

const alarmsOf = (AlarmActions: readonly string[], states: readonly string[]): object => ({
  MetricAlarms: states.map((StateValue, at) => ({
    AlarmName: `alarm-${at}`,
    StateValue,
    ActionsEnabled: true,
    AlarmActions,
    AlarmDescription: "what it means",
  })),
  CompositeAlarms: [],
});

const HEALTHY: Answers = {
  DescribeTable: ({ TableName }) => table(String(TableName)),
  DescribeContinuousBackups: () => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED" },
    },
  }),
  GetResourcePolicy: () => denying(AUDIT_CHANGES),
  GetFunctionConfiguration: () => ({
    FunctionArn: ARN + POINTER.functionName,
    State: "Active",
    LastUpdateStatus: "Successful",
    Timeout: 90,
    Environment: {
      Variables: {
        STATE_TABLE: POINTER.stateTable,
        AUDIT_TABLE: POINTER.auditTable,
        ACCOUNT: POINTER.account,
        APIFY_TOKEN_PARAMETER: POINTER.apifyTokenParameter,
        POLICY: "{}",
      },
    },
  }),
  GetFunctionConcurrency: () => ({}),
  ListEventSourceMappings: () => ({
    EventSourceMappings: [{ State: "Enabled", LastProcessingResult: "OK" }],
  }),
  GetMetricData: () => ({
    MetricDataResults: [
      { Id: "invocations", Values: [30, 30] },
      { Id: "errors", Values: [] },
      { Id: "throttles", Values: [] },
    ],
  }),
  GetSchedule: () => ({
    State: "ENABLED",
    ScheduleExpression: "rate(1 minute)",
    Target: { Arn: ARN + POINTER.functionName },
  }),
  DescribeAlarms: () => alarms("OK", "INSUFFICIENT_DATA"),
  ListStackResources: () =>
    xml(
      "ListStackResources",
      `<StackResourceSummaries>${resources
        .map(([type, id]) =>
          member(`<ResourceType>${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId>`),
        )
        .join("")}</StackResourceSummaries>`,
    ),
  DescribeStacks: () => described({ Acme: [POINTER] }),
  GetTopicAttributes: () => subscribed(1),
};

/** Of services that speak REST the operation is in the path. */
const PATHS: readonly (readonly [RegExp, string])[] = [
  [/^\/2015-03-31\/functions\/[^/]+\/configuration/, "GetFunctionConfiguration"],
  [/^\/2019-09-30\/functions\/[^/]+\/concurrency/, "GetFunctionConcurrency"],
  [/^\/2015-03-31\/event-source-mappings/, "ListEventSourceMappings"],
  [/^\/schedules\//, "GetSchedule"],
];

/** A deployment as AWS answers for it, on loopback: a healthy one, except for `changed` answers. `asked`: the operations, in their order. */
export async function pretendDeployment(changed: Answers = {}) {
  const asked: string[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
    const rest = PATHS.find(([path]) => path.test(request.url ?? ""))?.[1];
    const form = new URLSearchParams(body);
    const operation = target ?? rest ?? form.get("Action") ?? "";
    asked.push(operation);
    const input = target === undefined ? Object.fromEntries(form) : JSON.parse(body || "{}");
    const answer = (changed[operation] ?? HEALTHY[operation] ?? (() => ({ error: "UnknownOperation" })))(
      input,
    );
    const { error } = answer as { error?: string };
    const isXml = target === undefined && rest === undefined;
    response.statusCode = error === undefined ? 200 : 400;
    if (error !== undefined) response.setHeader("x-amzn-errortype", error);
    response.setHeader("content-type", isXml ? "text/xml" : "application/x-amz-json-1.0");
    if (error !== undefined && isXml)
      response.end(
        `<ErrorResponse><Error><Code>${error}</Code><Message>no</Message></Error></ErrorResponse>`,
      );
    else if (error !== undefined) response.end(JSON.stringify({ __type: error, message: "no" }));
    else response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  return { asked, url };
}
