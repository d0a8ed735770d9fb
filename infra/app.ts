import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { WatchdogStack } from "./stack.ts";
import { stackNameOf } from "./stack-name.ts";

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

new WatchdogStack(app, stackNameOf(app));
