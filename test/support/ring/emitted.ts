import type { DataPoint } from "./evaluate.ts";

type Emf = {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [field: string]: unknown;
};

/** The lines of a log that are JSON. */
export const jsonLines = (output: string): readonly Emf[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

/** What CloudWatch makes of a log in the embedded metric format, as if it was written at this time. */
export const emittedIn = (output: string, atSecs: number): readonly DataPoint[] =>
  jsonLines(output).flatMap((line) =>
    (line._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(line[name])])),
          atSecs,
          value: Number(line[Name]),
        })),
      ),
    ),
  );
