import { App, Duration, Stack } from "aws-cdk-lib";
import { AccountRootPrincipal, Role } from "aws-cdk-lib/aws-iam";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { RunWatchdog } from "./run-watchdog.ts";

/** An app of your own, as docs/deploying.md shows it: who is guarded, who is notified, who may look and act. */
export class AcmeStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const watchdog = new RunWatchdog(this, "Watchdog", {
      account: "acme",
      apifyTokenSecret: Secret.fromSecretNameV2(this, "Token", "apify/acme"),
      maxUsdPerRun: 5,
      maxRunTime: Duration.hours(6),
      mode: "enforce",
      stopTopic: new Topic(this, "Alerts", { enforceSSL: true }),
    });
    const assumedBy = new AccountRootPrincipal();
    watchdog.grantOperate(new Role(this, "Operators", { assumedBy }));
    watchdog.grantReadAudit(new Role(this, "Auditors", { assumedBy }));
  }
}

new AcmeStack(new App(), "Acme");
