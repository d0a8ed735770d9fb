import { renderToString } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import { shareBar } from "../../page/bars.ts";
import { spark } from "../../page/spark.ts";

const at = (secs: number): Date => new Date(secs * 1000);
const points = [
  { at: at(0), value: 0 },
  { at: at(50), value: 1 },
  { at: at(100), value: 4 },
];
const heights = (svg: string): readonly number[] =>
  (/points="([^"]*)"/.exec(svg)?.[1] ?? "").split(" ").map((pair) => Number(pair.split(",")[1]));

describe("a spark line", () => {
  it("rises with its figure, over the time that it took", () => {
    const svg = renderToString(spark({ points }) ?? shareBar({ share: 0 }));
    expect(svg).toContain('points="0,18.5 36,14.3 72,1.5"');
    expect(svg).toContain('aria-hidden="true"');
    expect(svg).not.toContain("<line");
  });

  it("stays below a limit that is not reached, which is drawn", () => {
    const svg = renderToString(spark({ points, limit: 8 }) ?? shareBar({ share: 0 }));
    expect(svg).toContain('y1="1.5"');
    expect(heights(svg)).toEqual([18.5, 16.4, 10]);
  });

  it("is none of fewer than two points, and flat where nothing was spent", () => {
    expect(spark({ points: points.slice(0, 1) })).toBeUndefined();
    const flat = points.map((point) => ({ ...point, value: 0 }));
    expect(heights(renderToString(spark({ points: flat }) ?? shareBar({ share: 0 })))).toEqual([
      18.5, 18.5, 18.5,
    ]);
  });
});

describe("a bar of a share", () => {
  it("has a mark where it would be if it were spent evenly, within the bar", () => {
    expect(renderToString(shareBar({ share: 0.2, mark: 0.5 }))).toContain('x1="50" x2="50"');
    expect(renderToString(shareBar({ share: 0.2, mark: 7 }))).toContain('x1="100"');
    expect(renderToString(shareBar({ share: 0.2 }))).not.toContain("<line");
  });
});
