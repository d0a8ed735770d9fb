import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import type { Backend, Opened } from "./backends.ts";

/** What a contract is tried on: the stores of an account of its own for each test. */
export type Suite = Opened & {
  readonly account: string;
  readonly backend: Backend;
  /** How many generated values each round trip is tried with. */
  readonly runs: number;
};

export type SuiteOptions = { readonly skip?: boolean; readonly runs?: number };

/** Runs contracts on a backend that is started once for them all. `suite` holds its fields while a test runs. */
export function describeOn(
  name: string,
  start: () => Promise<Backend>,
  { skip = false, runs = 20 }: SuiteOptions,
  contracts: (suite: Suite) => void,
): void {
  describe.skipIf(skip)(name, () => {
    let backend: Backend;
    const suite = {} as Suite;
    beforeAll(async () => {
      backend = await start();
    });
    afterAll(() => backend?.stop());
    beforeEach(() => {
      const account = `account-${crypto.randomUUID()}`;
      Object.assign(suite, { ...backend.open(account), account, backend, runs });
    });
    contracts(suite);
  });
}
