export type { TokenSource } from "../../watchdog/model/ports.ts";
export { environmentToken } from "./environment-token.ts";
export { type SecretPlace, secretText } from "./secret-text.ts";
export { secretsManagerToken } from "./secrets-manager-token.ts";
export { ssmParameterToken } from "./ssm-parameter-token.ts";
