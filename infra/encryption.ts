import { Stack, Validations } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/**
 * Lets the services use a key that use it in their own name: CloudWatch to tell an encrypted topic, CloudWatch Logs to write.
 * On a key that is only imported this does nothing: its policy is whoever's it is.
 */
export function letServicesUse(key: IKey, scope: Construct): void {
  const stack = Stack.of(scope);
  const cloudWatch = new ServicePrincipal("cloudwatch.amazonaws.com", {
    conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
  });
  key.grant(cloudWatch, "kms:Decrypt", "kms:GenerateDataKey*");
  // Of this account's log groups: the ARN of a single one would be a circle, for that is made with the key.
  const logGroups = stack.formatArn({ service: "logs", resource: "*" });
  const logs = new ServicePrincipal(`logs.${stack.region}.amazonaws.com`, {
    conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
  });
  key.grant(logs, "kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*");
}

/** What CDK lets a function do with a key that it sends messages by ends in wildcards: variants of one action each. */
export function acknowledgeKeyActions(scope: Construct): void {
  for (const action of ["kms:GenerateDataKey*", "kms:ReEncrypt*"]) {
    Validations.of(scope).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Action::${action}]`,
      reason: "On the one key that was given, as CDK grants sending to an encrypted topic or queue.",
    });
  }
}
