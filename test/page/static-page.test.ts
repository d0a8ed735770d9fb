import { describe, expect, it } from "vitest";
import { rangeBar, shareBar } from "../../page/bars.ts";
import { frontPicture } from "../../page/front-picture.ts";
import { fold, notes, paragraph, runLink, section, tiles } from "../../page/parts.ts";
import { picture } from "../../page/picture.ts";
import { staticPage } from "../../page/static-page.ts";
import { dataTable } from "../../page/table.ts";
import { actingIn, HOSTILE } from "../support/hostile.ts";

const MARK = (label: string) => ({ label, wrong: 1, from: 2, to: 3 });

/** Every part there is, with the same text wherever one may stand. */
const pageOf = (text: string): string => {
  const table = dataTable({
    label: text,
    columns: [
      { title: text, cell: (row: string) => row },
      { title: "Bar", cell: () => rangeBar({ from: 1, to: 2, most: 4 }), align: "right" },
      { title: "Share", cell: () => shareBar({ share: 1.2, tone: "bad" }), tone: () => "bad" },
      { title: "Run", cell: runLink },
    ],
    rows: [text],
  });
  return staticPage({
    title: text,
    subtitle: text,
    content: [
      tiles({ tiles: [{ label: text, value: text, note: text }] }),
      section({ title: text, id: text }, paragraph(text), notes({ notes: [text] }), fold({ summary: text })),
      picture({ caption: text, svg: rangeBar({ from: 0, to: 1, most: 1 }), table }),
      picture({ caption: text, svg: frontPicture({ label: text, corners: [], marks: [MARK(text)] }), table }),
    ],
  });
};

/** What a browser makes of it, without texts and values: its tags, and the names of their attributes. */
const structureOf = (html: string): readonly string[] =>
  [...html.matchAll(/<(\/?[a-z][\w-]*|!\w+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/gi)].map(
    ([, tag, attributes = ""]) => [tag, ...attributes.matchAll(/[\w-]+(?==")/g)].join(" "),
  );

const MARKUP = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  "</title></style></svg><script>",
  "--><!--",
  "]]>",
  "javascript:alert(1)",
  "&lt;b&gt; &quot; &#x3c;script&#x3e;",
];

describe("a static page", () => {
  it.each(MARKUP)("has the same structure whatever an Actor is named: %s", (text) => {
    expect(structureOf(pageOf(text))).toEqual(structureOf(pageOf("acme/shop")));
    expect(structureOf(pageOf("acme/shop")).length).toBeGreaterThan(60);
    expect(pageOf(text).split("<script").length).toBe(1);
  });

  it.each(HOSTILE)("shows a text that would %s without letting it", (_what, text) => {
    const html = pageOf(text);
    expect(actingIn(html.replaceAll("&lt;", "<"))).toEqual([]);
    expect(structureOf(html)).toEqual(structureOf(pageOf("acme/shop")));
  });

  it("loads, runs and sends nothing, and says so to the browser before anything else", () => {
    const html = pageOf("acme/shop");
    expect(html).toMatch(
      /^<!doctype html>\n<html lang="en"><head><meta charset="utf-8"\/?><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/,
    );
    const addresses = [...html.matchAll(/[a-z]+:\/\/[^\s"'<)]+/gi)].map(([address]) => address);
    expect(new Set(addresses.map((each) => new URL(each).origin))).toEqual(
      new Set(["https://console.apify.com"]),
    );
    expect(html).not.toMatch(/<script|<link|<iframe|<form|<img|@import|url\(|\son\w+=/i);
    for (const [link] of html.matchAll(/<a [^>]*>/g)) expect(link).toContain('rel="noreferrer noopener"');
  });

  it("draws nothing that is not written beside it", () => {
    const html = pageOf("acme/shop");
    for (const [svg] of html.matchAll(/<svg [^>]*>/g))
      expect(svg).toMatch(/aria-hidden="true"|role="img" aria-label="[^"]+"/);
    for (const [figure] of html.matchAll(/<figure>.*?<\/figure>/gs)) expect(figure).toContain("<table>");
  });
});
