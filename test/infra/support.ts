import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { onTestFinished } from "vitest";
import { buildFunctions, builtFunction } from "../../functions/build.ts";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import type { RunWatchdogProps } from "../../infra/run-watchdog-props.ts";
import { WatchdogStack } from "../../infra/stack.ts";

/** The construct takes the functions as they are built. */
if (!(["watchdog", "notifier", "courier"] as const).every((name) => existsSync(builtFunction(name))))
  await buildFunctions();

export function createApp(context: Readonly<Record<string, unknown>> = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), "cdk-"));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  return new App({ outdir, context });
}

export function nagged(app: App): App {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** A stack with one watchdog, and what it makes. */
export function watchdogWith(props: RunWatchdogProps | ((stack: Stack) => RunWatchdogProps) = {}) {
  const stack = new Stack(createApp(), "Stack");
  const watchdog = new RunWatchdog(stack, "Watchdog", typeof props === "function" ? props(stack) : props);
  return { stack, watchdog, template: () => Template.fromStack(stack) };
}

export const stackWith = (context: Readonly<Record<string, unknown>>) =>
  Template.fromStack(new WatchdogStack(createApp(context), "RunWatchdog"));

export type Resource = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
};

export const resourcesOf = (template: Template): Readonly<Record<string, Resource>> =>
  template.toJSON().Resources;

/** The only resource of its type whose logical id begins so. */
// biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types.
export function propertiesOf(template: Template, type: string, idBegins = ""): any {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(idBegins));
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    throw new Error(
      `wanted one ${type} "${idBegins}…", found ${found.map(([id]) => id).join(", ") || "none"}`,
    );
  }
  return only[1].Properties;
}
