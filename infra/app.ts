import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { WatchdogStack } from "./stack.ts";

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

/** A stack for each account, so that a second one does not replace the first. */
const account: unknown = app.node.tryGetContext("account");
const suffix = account === undefined ? "" : `-${String(account).replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
new WatchdogStack(app, `RunWatchdog${suffix}`);
