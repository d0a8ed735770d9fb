import { describe, expect, it, onTestFinished, vi } from "vitest";
import { lambdaLog } from "../../functions/lambda-log.ts";
import { actingIn, HOSTILE } from "../support/hostile.ts";

/** What is written to the standard error, where warnings go, while `work` runs. */
function written(work: () => void): string {
  let text = "";
  const write = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  onTestFinished(() => write.mockRestore());
  work();
  write.mockRestore();
  return text;
}

describe("the watchdog function's log", () => {
  it.each(HOSTILE)("holds nothing that would %s", (_what, text) => {
    const line = written(() =>
      lambdaLog().warn(text, { error: text, skipped: { [text]: 1 }, reasons: [text] }),
    );
    expect(actingIn(line.trimEnd())).toEqual([]);
    const { message, error, reasons, skipped } = JSON.parse(line);
    const [shown] = Object.keys(skipped);
    expect([message, error, ...reasons, shown]).toEqual(Array.from({ length: 4 }, () => message));
    expect(message).toMatch(/^<<\\.*>>$/);
  });

  it("carries the request id of the invocation that it is of", () => {
    const log = lambdaLog();
    const line = (requestId: string) =>
      JSON.parse(
        written(() => {
          log.begin(requestId);
          log.warn("tick failed");
        }),
      ).requestId;
    expect([line("first"), line("second")]).toEqual(["first", "second"]);
  });
});
