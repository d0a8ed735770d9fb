import type { Courier } from "../command.ts";

/** The courier may take a minute, for a channel that hangs is waited for. Asked once: each time sends again. */
const LAMBDA_CLIENT = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 65_000, throwOnRequestTimeout: true },
} as const;

async function invoke(functionName: string, event: object): Promise<{ readonly channels: unknown }> {
  const { InvokeCommand, LambdaClient } = await import("./clients/lambda.ts");
  const client = new LambdaClient(LAMBDA_CLIENT);
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    );
    const answer = JSON.parse(Payload?.transformToString() || "null");
    if (FunctionError === undefined && Array.isArray(answer?.channels)) return answer;
    const why = answer?.errorMessage ?? "its answer names no channels";
    throw new Error(`The function ${functionName} failed: ${why}. Its log says more.`);
  } finally {
    client.destroy();
  }
}

/** The courier of a stack, by the name of its function. This identity needs `lambda:InvokeFunction` on it. */
export const courierOf = (functionName: string): Courier => ({
  test: async (id) =>
    (await invoke(functionName, { test: id })).channels as Awaited<ReturnType<Courier["test"]>>,
  resend: async () =>
    (await invoke(functionName, { resend: true })).channels as Awaited<ReturnType<Courier["resend"]>>,
});
