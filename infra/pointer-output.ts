import { CfnOutput, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { type Pointer, pointerDocument } from "../functions/pointer.ts";

/** The one output that the command line reads with `--stack`; it knows it by what it holds, not by its name. */
export function createPointerOutput(scope: Construct, pointer: Omit<Pointer, "region">): void {
  const stack = Stack.of(scope);
  new CfnOutput(scope, "CommandLine", {
    description: "Where this watchdog has its things, for the command line's --stack",
    value: stack.toJsonString(pointerDocument({ ...pointer, region: stack.region })),
  });
}
