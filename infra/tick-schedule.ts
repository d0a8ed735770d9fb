import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  type ISchedule,
  Schedule,
  type ScheduleExpression,
  ScheduleTargetInput,
} from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Construct } from "constructs";

interface TickScheduleProps {
  readonly schedule: ScheduleExpression;
  readonly function: IFunction;
  readonly description: string;
}

/** Invokes the function as scheduled. What fails or comes late is dropped: the next tick starts from what is true then. */
export class TickSchedule extends Construct {
  readonly schedule: ISchedule;

  constructor(scope: Construct, id: string, props: TickScheduleProps) {
    super(scope, id);
    const { schedule, function: target, description } = props;
    const group = Stack.of(this).formatArn({
      service: "scheduler",
      resource: "schedule-group",
      resourceName: "default",
    });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": Stack.of(this).account, "aws:SourceArn": group },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.functionArn] }),
    );
    this.schedule = new Schedule(this, "Schedule", {
      schedule,
      description,
      target: new LambdaInvoke(target, {
        // Left to itself, the target makes a role beside this construct, that may invoke every version as well.
        role: role.withoutPolicyUpdates(),
        retryAttempts: 0,
        maxEventAge: Duration.seconds(60),
        input: ScheduleTargetInput.fromObject({}),
      }),
    });
  }
}
