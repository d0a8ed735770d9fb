import { h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { type Child, el } from "./el.ts";
import { STYLE } from "./style.ts";

type StaticPage = {
  readonly title: string;
  /** Of what, and of when. */
  readonly subtitle: Child;
  readonly content: readonly Child[];
};

/** Nothing may be loaded, run, sent or framed, whatever else got into the page. */
const SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const FOOTER =
  "Made by apify-run-watchdog. Times are in UTC. Run ids lead to Apify Console; nothing is loaded from anywhere.";

/** A page that is whole in its one file: it needs no network and no script. */
export function staticPage({ title, subtitle, content }: StaticPage): string {
  const head = el(
    "head",
    {},
    el("meta", { charset: "utf-8" }),
    el("meta", { "http-equiv": "Content-Security-Policy", content: SECURITY }),
    el("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    el("meta", { name: "color-scheme", content: "light dark" }),
    el("meta", { name: "referrer", content: "no-referrer" }),
    el("meta", { name: "robots", content: "noindex" }),
    el("title", {}, title),
    // The one text that is written as it is, and a constant.
    h("style", { dangerouslySetInnerHTML: { __html: STYLE } }) as VNode,
  );
  const body = el(
    "body",
    {},
    el("header", {}, el("h1", {}, title), el("p", {}, subtitle)),
    el("main", {}, ...content),
    el("footer", {}, el("p", {}, FOOTER)),
  );
  return `<!doctype html>\n${renderToString(el("html", { lang: "en" }, head, body))}\n`;
}
