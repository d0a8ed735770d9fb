import { effect } from "@preact/signals";
import { h, render } from "preact";
import { PAGE_ID } from "../api.ts";
import { lookCloser } from "./drawers/looked.ts";
import { follow } from "./news.ts";
import { listenForKeys } from "./panels/runs/panel.ts";
import { Shell, title } from "./shell.ts";
import { page } from "./state.ts";

const root = document.getElementById(PAGE_ID);
if (root === null) throw new Error(`The page has no element #${PAGE_ID}.`);
const { session = "", canAct } = root.dataset;
page.value = { session, canAct: canAct === "true" };
follow();
lookCloser();
listenForKeys();
render(h(Shell, {}), root);
effect(() => {
  document.title = title();
});
