import {
  CloudFormationClient,
  paginateDescribeStacks,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import type { Fact } from "../../watchdog/model/deployed/deployment.ts";
import { ask, PATIENT } from "./ask.ts";

const open = async () => new CloudFormationClient(PATIENT);

/** The names that AWS gave to a stack's resources of one type, such as `AWS::Scheduler::Schedule`. */
export const resourcesOf = (stack: string, type: string): Promise<Fact<readonly string[]>> =>
  ask("cloudformation:ListStackResources", open, async (client) => {
    const names: string[] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
        if (ResourceType === type && PhysicalResourceId) names.push(PhysicalResourceId);
    }
    return names;
  });

type StackOutputs = { readonly stack: string; readonly values: readonly string[] };

/** What every stack of this account and region puts out. */
export const outputsOfStacks = (): Promise<Fact<readonly StackOutputs[]>> =>
  ask("cloudformation:DescribeStacks on all stacks", open, async (client) => {
    const found: StackOutputs[] = [];
    for await (const page of paginateDescribeStacks({ client }, {})) {
      for (const { StackName = "", Outputs = [] } of page.Stacks ?? [])
        found.push({ stack: StackName, values: Outputs.flatMap(({ OutputValue }) => OutputValue ?? []) });
    }
    return found;
  });
