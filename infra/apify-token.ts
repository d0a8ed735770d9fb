import { Validations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";

interface TokenSecretProps {
  readonly account: string;
  /**
   * @default - the key of Secrets Manager
   */
  readonly encryptionKey: IKey | undefined;
}

/** A secret that holds no token yet, in a form that the function refuses with a message that says what to put there. */
export function createTokenSecret(
  scope: Construct,
  id: string,
  { account, encryptionKey }: TokenSecretProps,
): ISecret {
  const secret = new Secret(scope, id, {
    description: `Apify API token of account "${account}": must list, read and abort its runs`,
    ...(encryptionKey && { encryptionKey }),
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ howTo: "Replace all of this with an Apify API token." }),
      generateStringKey: "placeholder",
    },
  });
  Validations.of(secret).acknowledge({
    id: "AwsSolutions::AwsSolutions-SMG4",
    reason:
      "Apify has no API that makes tokens: a person does, and the function takes up the new one by itself.",
  });
  return secret as ISecret;
}
