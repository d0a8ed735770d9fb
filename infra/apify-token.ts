import { type RemovalPolicy, Validations } from "aws-cdk-lib";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type CfnSecret, type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IStringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";

interface TokenSecretProps {
  readonly account: string;
  /** With the tables: a stack that is made again finds neither gone. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * @default - the key of Secrets Manager
   */
  readonly encryptionKey: IKey | undefined;
}

/** A secret that holds nothing yet: a person puts the token in, and no release ever changes what is there. */
export function createTokenSecret(
  scope: Construct,
  id: string,
  { account, removalPolicy, encryptionKey }: TokenSecretProps,
): ISecret {
  const secret = new Secret(scope, id, {
    description: `Apify API token of account "${account}": must list, read and abort its runs`,
    removalPolicy,
    ...(encryptionKey && { encryptionKey }),
  });
  // The construct library always has a value generated, and a change of how would overwrite the token.
  (secret.node.defaultChild as CfnSecret).addPropertyDeletionOverride("GenerateSecretString");
  Validations.of(secret).acknowledge({
    id: "AwsSolutions::AwsSolutions-SMG4",
    reason:
      "Apify has no API that makes tokens: a person does, and the function takes up the new one by itself.",
  });
  return secret as ISecret;
}

/** Reading the token, or what a channel keeps secret. */
export function grantSecretRead(secret: ISecret | IStringParameter, grantee: IGrantable): Grant {
  if (!("secretArn" in secret)) return secret.grantRead(grantee);
  // Where the key is not of this app, the secret leaves it to the key's own policy.
  const decrypt = secret.encryptionKey?.grantDecrypt(grantee);
  return decrypt ? secret.grantRead(grantee).combine(decrypt) : secret.grantRead(grantee);
}
