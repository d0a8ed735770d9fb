import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type SecretsMode = "gives" | "refused" | "throttled" | "hanging" | "empty";

const ERRORS: Readonly<Partial<Record<SecretsMode, string>>> = {
  refused: "AccessDeniedException",
  throttled: "ThrottlingException",
};

/** A pretend Secrets Manager and Systems Manager on loopback, which keep one token. */
export async function startSecrets(token: string) {
  const secrets: { mode: SecretsMode; asked: number } = { mode: "gives", asked: 0 };
  const server = createServer(async (request, response) => {
    request.resume();
    secrets.asked += 1;
    if (secrets.mode === "hanging") return;
    const type = ERRORS[secrets.mode];
    const value = secrets.mode === "empty" ? "" : token;
    const isSecret = String(request.headers["x-amz-target"]).startsWith("secretsmanager");
    const body = type
      ? { __type: type, message: type }
      : isSecret
        ? { SecretString: value }
        : { Parameter: { Value: value } };
    response
      .writeHead(type ? 400 : 200, { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    secrets,
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
