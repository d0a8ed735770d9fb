import { ServiceError } from "./errors.ts";
import { cancelled } from "./operations/transact.ts";

/**
 * How the service may refuse any request, whatever it asks for (guide: "Error handling with DynamoDB"). A 500 says
 * nothing of whether the write was done.
 */
export type Refusal = "throttled" | "busy" | "internal";

/** `at`: which part of a transaction is the reason, by a share of its parts. */
export function refusal(kind: Refusal, operation: string, input: object, at: number): ServiceError {
  if (kind === "internal")
    return new ServiceError("InternalServerError", "Internal server error", { status: 500 });
  const parts =
    "TransactItems" in input && Array.isArray(input.TransactItems) ? input.TransactItems.length : 0;
  if (parts > 0) {
    const code = kind === "busy" ? "TransactionConflict" : "ThrottlingError";
    return cancelled(
      Array.from({ length: parts }, (_, i) => ({ Code: i === Math.floor(at * parts) ? code : "None" })),
    );
  }
  const isWrite = operation === "PutItem" || operation === "UpdateItem";
  if (kind === "busy" && isWrite)
    return new ServiceError("TransactionConflictException", "Transaction is ongoing for the item");
  return at < 0.5
    ? new ServiceError(
        "ProvisionedThroughputExceededException",
        "The level of configured throughput was exceeded",
      )
    : new ServiceError(
        "ThrottlingException",
        "Throughput exceeds the current capacity of your table or index",
      );
}
