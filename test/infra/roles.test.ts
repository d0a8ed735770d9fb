import { AttributeType, type ITable, Table, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { EventBus } from "aws-cdk-lib/aws-events";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { describe, expect, it } from "vitest";
import { statementsIn, textOf } from "./digest.ts";
import { propertiesOf, watchdogWith } from "./support.ts";

type Template = ReturnType<ReturnType<typeof watchdogWith>["template"]>;

/** Every action that the policies of a role allow, with where and when. */
function allowedTo(template: Template, idBegins: string): readonly string[] {
  const policies = Object.entries(template.findResources("AWS::IAM::Policy"))
    .filter(([id]) => id.startsWith(idBegins))
    .map(([, { Properties }]) => Properties);
  return statementsIn(policies)
    .flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => {
          const where = textOf(resource).replace(/([A-Za-z]+?)[0-9A-F]{8}/, "$1");
          return `${action} ${where}${Condition ? ` ${JSON.stringify(Condition)}` : ""}`;
        }),
      ),
    )
    .sort();
}

const KEY = { name: "pk", type: AttributeType.STRING };
const IN_A_TRANSACTION =
  '{"ForAnyValue:StringEquals":{"dynamodb:EnclosingOperation":["TransactWriteItems"]}}';
const SLACK = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf";
const READ = [
  "dynamodb:BatchGetItem WatchdogState.Arn",
  "dynamodb:GetItem WatchdogAudit.Arn",
  "dynamodb:GetItem WatchdogState.Arn",
  "dynamodb:Query WatchdogAudit.Arn",
  "dynamodb:Query WatchdogAudit.Arn/index/by-time",
  "dynamodb:Query WatchdogState.Arn",
  "dynamodb:Scan WatchdogState.Arn",
];
/** To find what nothing else knows of, and to hold it against the checkpoints. */
const VERIFY = ["dynamodb:Scan WatchdogAudit.Arn", "logs:FilterLogEvents WatchdogCheckpoints.Arn"];
const READ_AUDIT = [...READ, ...VERIFY].sort();
const WORK = [
  ...READ,
  "dynamodb:DeleteItem WatchdogState.Arn",
  `dynamodb:PutItem WatchdogAudit.Arn ${IN_A_TRANSACTION}`,
  "dynamodb:PutItem WatchdogState.Arn",
  "dynamodb:UpdateItem WatchdogState.Arn",
];
const OPERATE = [...WORK, ...VERIFY].sort();

describe("the watchdog's role", () => {
  it("may do this and nothing else", () => {
    expect(allowedTo(watchdogWith().template(), "WatchdogRole")).toEqual(
      [
        ...WORK,
        "logs:CreateLogStream WatchdogCheckpoints.Arn",
        "logs:CreateLogStream WatchdogLogs.Arn",
        "logs:PutLogEvents WatchdogCheckpoints.Arn",
        "logs:PutLogEvents WatchdogLogs.Arn",
        "secretsmanager:DescribeSecret WatchdogApifyToken",
        "secretsmanager:GetSecretValue WatchdogApifyToken",
      ].sort(),
    );
  });

  it("has no policy of AWS's own", () => {
    for (const role of Object.values(watchdogWith().template().findResources("AWS::IAM::Role"))) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  it("reads the secret that was given, and opens it where a key of yours encrypts it", () => {
    const { template } = watchdogWith((stack) => ({
      apifyTokenSecret: Secret.fromSecretAttributes(stack, "Token", {
        secretCompleteArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:apify-AbCdEf",
        encryptionKey: Key.fromKeyArn(stack, "Key", "arn:aws:kms:eu-west-1:123456789012:key/some-key"),
      }),
    }));
    const allowed = allowedTo(template(), "WatchdogRole");
    expect(allowed).toContain(
      "secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:123456789012:secret:apify-AbCdEf",
    );
    expect(allowed.filter((each) => each.startsWith("kms:Decrypt"))).toHaveLength(1);
    template().resourceCountIs("AWS::SecretsManager::Secret", 0);
  });

  it("reads and writes tables that keys of their own encrypt, whosever the tables are", () => {
    const { template } = watchdogWith((stack) => {
      const keyOf = (id: string) =>
        Key.fromKeyArn(stack, id, `arn:aws:kms:eu-west-1:123456789012:key/${id.toLowerCase()}`);
      return {
        stateTable: new Table(stack, "State", {
          partitionKey: KEY,
          encryptionKey: keyOf("StateKey"),
        }) as ITable,
        auditTable: TableV2.fromTableAttributes(stack, "Audit", {
          tableArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/audit",
          tableStreamArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/audit/stream/2026",
          encryptionKey: keyOf("AuditKey"),
        }),
        stopEmail: "ops@example.com",
      };
    });
    const keys = (role: string) => allowedTo(template(), role).filter((each) => each.startsWith("kms:"));
    const [state, audit] = ["statekey", "auditkey"].map(
      (id) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`,
    );
    const actions = [
      "Decrypt",
      "DescribeKey",
      "Encrypt",
      "GenerateDataKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ];
    expect(new Set(keys("WatchdogRole"))).toEqual(
      new Set(actions.flatMap((action) => [`kms:${action} ${state}`, `kms:${action} ${audit}`])),
    );
    const reading = [state, audit].flatMap((key) => [`kms:Decrypt ${key}`, `kms:DescribeKey ${key}`]);
    expect(new Set(keys("WatchdogStopsBundled"))).toEqual(new Set(reading));
    const marking = actions.map((action) => `kms:${action} ${state}`);
    expect(new Set(keys("WatchdogStopsNotifier"))).toEqual(new Set([...reading, ...marking]));
  });

  it("reads the parameter that was given instead", () => {
    const { template } = watchdogWith((stack) => ({
      apifyTokenParameter: StringParameter.fromSecureStringParameterAttributes(stack, "Token", {
        parameterName: "/apify/token",
      }),
    }));
    const allowed = allowedTo(template(), "WatchdogRole");
    expect(allowed.filter((each) => each.startsWith("ssm:GetParameter "))).toHaveLength(1);
    expect(allowed.filter((each) => each.startsWith("secretsmanager:"))).toEqual([]);
    template().resourceCountIs("AWS::SecretsManager::Secret", 0);
  });
});

describe("the other roles", () => {
  it("let the schedule invoke the function, and that alone", () => {
    const template = watchdogWith().template();
    expect(allowedTo(template, "WatchdogTicks")).toEqual(["lambda:InvokeFunction WatchdogFunction.Arn"]);
    const { AssumeRolePolicyDocument } = propertiesOf(template, "AWS::IAM::Role", "WatchdogTicks");
    expect(AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      },
    ]);
  });

  const reading = (id: string, queues: readonly string[]) => [
    "dynamodb:DescribeStream WatchdogAudit.StreamArn",
    "dynamodb:GetRecords WatchdogAudit.StreamArn",
    "dynamodb:GetShardIterator WatchdogAudit.StreamArn",
    "dynamodb:ListStreams WatchdogAudit.StreamArn",
    `logs:CreateLogStream WatchdogStops${id}Logs.Arn`,
    `logs:PutLogEvents WatchdogStops${id}Logs.Arn`,
    ...["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"].flatMap((action) =>
      queues.map((queue) => `${action} WatchdogStops${queue}.Arn`),
    ),
  ];
  const NAMES = "dynamodb:BatchGetItem WatchdogState.Arn";
  /** Nothing else of any item: no exemption, no policy, no pause. */
  const MARK =
    'dynamodb:UpdateItem WatchdogState.Arn {"ForAllValues:StringEquals":' +
    '{"dynamodb:LeadingKeys":["default"],"dynamodb:Attributes":["pk","sk","tampered","seen"]}}';

  it("let the notifiers read the stream and names, and fill queues, and no more", () => {
    const template = watchdogWith({ stopEmail: "ops@example.com" }).template();
    const queues = ["ChannelsMailQueue", "Untold"];
    for (const id of ["Notifier", "Bundled"]) {
      expect(new Set(allowedTo(template, `WatchdogStops${id}`))).toEqual(
        new Set([...reading(id, queues), NAMES, ...(id === "Notifier" ? [MARK] : [])]),
      );
    }
  });

  it("let the notifier watch over the audit where nobody is to be notified, and no more", () => {
    const template = watchdogWith().template();
    expect(new Set(allowedTo(template, "WatchdogStops"))).toEqual(
      new Set([...reading("Notifier", ["Untold"]), MARK]),
    );
  });

  it("let the courier send through its channels, and put back what they gave up, and no more", () => {
    const { template } = watchdogWith((stack) => ({
      stopEmail: "ops@example.com",
      eventBus: EventBus.fromEventBusName(stack, "Bus", "default"),
      slackSecret: Secret.fromSecretCompleteArn(stack, "Slack", SLACK),
      webhookParameter: StringParameter.fromSecureStringParameterAttributes(stack, "Hook", {
        parameterName: "/hook",
      }),
    }));
    const allowed = allowedTo(template(), "WatchdogStopsChannels");
    expect(allowed.filter((each) => !/^(sqs|logs|ssm):/.test(each))).toEqual([
      "events:PutEvents arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/default",
      `secretsmanager:DescribeSecret ${SLACK}`,
      `secretsmanager:GetSecretValue ${SLACK}`,
      "sns:GetTopicAttributes WatchdogStopTopic",
      "sns:Publish WatchdogStopTopic",
    ]);
    expect(allowed.filter((each) => each.startsWith("ssm:GetParameter "))).toHaveLength(1);
    const queues = new Set(allowed.flatMap((each) => /^sqs:\w+ (\w+)\.Arn$/.exec(each)?.[1] ?? []));
    expect(queues.size).toBe(8);
  });

  it.each(["grantOperate", "grantReadAudit"] as const)(
    "%s() gives an operator's role what it says",
    (grant) => {
      const { stack, watchdog, template } = watchdogWith();
      const operator = new Role(stack, "Operator", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") });
      watchdog[grant](operator);
      expect(allowedTo(template(), "Operator")).toEqual(grant === "grantOperate" ? OPERATE : READ_AUDIT);
    },
  );

  it("never let anyone delete a checkpoint, or the function read one", () => {
    const { stack, watchdog, template } = watchdogWith({ stopEmail: "ops@example.com" });
    const operator = new Role(stack, "Operator", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") });
    watchdog.grantOperate(operator);
    const onLog = (role: string) =>
      allowedTo(template(), role).flatMap((each) =>
        / WatchdogCheckpoints\./.test(each) ? each.split(" ")[0] : [],
      );
    expect(onLog("WatchdogRole")).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(onLog("Operator")).toEqual(["logs:FilterLogEvents"]);
    expect(new Set(onLog("")).size).toBe(3);
  });

  it("never let anyone change or remove an entry", () => {
    const { stack, watchdog, template } = watchdogWith({ stopEmail: "ops@example.com" });
    const operator = new Role(stack, "Operator", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") });
    watchdog.grantOperate(operator);
    const onAudit = allowedTo(template(), "").filter((each) => / WatchdogAudit\.Arn/.test(each));
    const writes = onAudit.filter((each) => !/^dynamodb:(GetItem|Query|Scan) /.test(each));
    expect(new Set(writes)).toEqual(new Set([`dynamodb:PutItem WatchdogAudit.Arn ${IN_A_TRANSACTION}`]));
  });
});
