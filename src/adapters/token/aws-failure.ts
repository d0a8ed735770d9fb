import { ConfigError } from "../../watchdog/model/errors.ts";

/** What AWS could not read, and what it takes to read it. */
type Wanted = {
  /** `the secret arn:…` */
  readonly where: string;
  readonly permission: string;
  /** The name of the setting that says where. */
  readonly setting: string;
};

const MISSING: readonly string[] = [
  "ResourceNotFoundException",
  "ParameterNotFound",
  "ParameterVersionNotFound",
];
const DENIED: readonly string[] = ["AccessDeniedException", "AccessDenied", "UnrecognizedClientException"];
/** The key is gone, disabled or closed to us. SSM calls all of it InvalidKeyId. */
const KEY: readonly string[] = ["DecryptionFailure", "InvalidKeyId", "KMSAccessDeniedException"];
/** The name itself is none, or the secret is about to be deleted. */
const INVALID: readonly string[] = [
  "ValidationException",
  "InvalidParameterException",
  "InvalidRequestException",
];

/** `ConfigError` where a person must act; else an error of its own, for a failure that may pass. */
export function awsFailure(cause: unknown, { where, permission, setting }: Wanted): Error {
  const name = cause instanceof Error ? cause.name : "unknown error";
  const options = { cause };
  if (MISSING.includes(name)) {
    return new ConfigError(
      `In this AWS account and region, ${where} does not exist, or holds nothing yet: put an Apify API token there, or correct ${setting}.`,
      options,
    );
  }
  if (DENIED.includes(name)) {
    return new ConfigError(
      `Reading ${where} was denied (${name}): this identity needs ${permission} on it, and kms:Decrypt if a key of yours encrypts it.`,
      options,
    );
  }
  if (KEY.includes(name)) {
    return new ConfigError(
      `AWS could not decrypt ${where} (${name}): this identity needs kms:Decrypt on its key, and the key must be enabled.`,
      options,
    );
  }
  if (INVALID.includes(name)) {
    return new ConfigError(`AWS can't read ${where} (${name}): correct ${setting}, or restore it.`, options);
  }
  const said = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Could not read ${where}: ${name}: ${said}`, options);
}
