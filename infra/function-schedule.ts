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

interface FunctionScheduleProps {
  readonly schedule: ScheduleExpression;
  readonly function: IFunction;
  readonly description: string;
  /**
   * What the function is invoked with.
   *
   * @default - an empty event
   */
  readonly input?: ScheduleTargetInput;
  /**
   * How often and for how long an invocation that can't be made is tried again.
   *
   * @default - never: the next one starts from what is true then
   */
  readonly tries?: { readonly again: number; readonly for: Duration };
}

/** Invokes a function as scheduled. */
export class FunctionSchedule extends Construct {
  readonly schedule: ISchedule;

  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    const { schedule, function: target, description, input, tries } = props;
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
        retryAttempts: tries?.again ?? 0,
        maxEventAge: tries?.for ?? Duration.seconds(60),
        input: input ?? ScheduleTargetInput.fromObject({}),
      }),
    });
    // With the policy of the role: the first invocations would be refused before that is there.
    this.schedule.node.addDependency(role);
  }
}
