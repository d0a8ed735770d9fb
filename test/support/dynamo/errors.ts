type More = { readonly status?: number; readonly [field: string]: unknown };

/** An answer of DynamoDB that is an error: its type, HTTP status, and what its body holds besides the message. */
export class ServiceError extends Error {
  override name = "ServiceError" as const;
  readonly type: string;
  readonly status: number;
  readonly more: object;

  constructor(type: string, message: string, { status = 400, ...more }: More = {}) {
    super(message);
    this.type = type;
    this.status = status;
    this.more = more;
  }
}

export const invalid = (message: string): ServiceError => new ServiceError("ValidationException", message);

/**
 * Something that the service has and the model has not: what it would answer is not known here. Never an answer, so that
 * no test takes it for one.
 */
export class NotModelled extends Error {
  override name = "NotModelled" as const;

  constructor(what: string) {
    super(`The model of DynamoDB does not know ${what}. Teach it, from the service's documentation.`);
  }
}

/** Refuses every field of a request, or of a part of one, whose meaning the model does not know. */
export function onlyFields(what: string, given: object, known: readonly string[]): void {
  for (const field of Object.keys(given)) {
    if (!known.includes(field)) throw new NotModelled(`"${field}" of ${what}`);
  }
}
