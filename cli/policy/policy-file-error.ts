/** A policy file that can't be used. The message has a line for each problem: file, line, column, what to write. */
export class PolicyFileError extends Error {
  override name = "PolicyFileError" as const;
  /** What is wrong with its contents; empty when the file could not even be read. */
  readonly problems: readonly FileProblem[];

  constructor(message: string, problems: readonly FileProblem[], options?: ErrorOptions) {
    super(message, options);
    this.problems = problems;
  }
}

export type FileProblem = { readonly line: number; readonly column: number; readonly problem: string };
