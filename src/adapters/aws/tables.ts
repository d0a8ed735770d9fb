import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
} from "@aws-sdk/client-dynamodb";
import type { Deployment } from "../../watchdog/model/deployed/deployment.ts";
import { ask, orNone, PATIENT } from "./ask.ts";

const open = async () => new DynamoDBClient(PATIENT);

export const tableFacts: Pick<Deployment, "table" | "hasRecovery" | "tablePolicy"> = {
  table: (name) =>
    ask("dynamodb:DescribeTable", open, async (client) => {
      const answer = client.send(new DescribeTableCommand({ TableName: name }));
      const table = (await orNone(answer, "ResourceNotFoundException"))?.Table;
      if (table === undefined) return undefined;
      const { StreamEnabled, StreamViewType } = table.StreamSpecification ?? {};
      return {
        status: table.TableStatus ?? "unknown",
        arn: table.TableArn ?? "",
        isDeletionProtected: table.DeletionProtectionEnabled === true,
        ...(StreamEnabled && StreamViewType && { stream: StreamViewType }),
      };
    }),

  hasRecovery: (name) =>
    ask("dynamodb:DescribeContinuousBackups", open, async (client) => {
      const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName: name }));
      const { PointInTimeRecoveryDescription } = answer.ContinuousBackupsDescription ?? {};
      return PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === "ENABLED";
    }),

  tablePolicy: (arn) =>
    ask("dynamodb:GetResourcePolicy", open, async (client) => {
      const answer = client.send(new GetResourcePolicyCommand({ ResourceArn: arn }));
      return (await orNone(answer, "PolicyNotFoundException"))?.Policy;
    }),
};
