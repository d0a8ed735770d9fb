import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { freshFolder, install, root, run } from "./support.ts";

type Resource = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> };
type Template = { readonly Resources: Readonly<Record<string, Resource>>; readonly Outputs?: object };

const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const ofOurs = (...names: readonly string[]) => names.map((name) => `${name}@${devDependencies[name]}`);

/** An app as its owner writes it: the stack that was deployed with the first version, and things of its own around it. */
const APP = `
import { App, CfnOutput, Duration, Stack, Tags } from "aws-cdk-lib";
import { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { AccountRootPrincipal, Role } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { RunWatchdog, type RunWatchdogProps } from "apify-run-watchdog";

const app = new App();
const stack = new Stack(app, "RunWatchdog");
const pager = new Topic(stack, "Pager", { enforceSSL: true });
const props: RunWatchdogProps = {
  maxUsdPerRun: 5,
  stopEmail: "ops@example.com",
  alarmActions: [new SnsAction(pager)],
};
const watchdog = new RunWatchdog(stack, "Watchdog", props);
Tags.of(watchdog).add("team", "data");
const operators = new Role(stack, "Operators", { assumedBy: new AccountRootPrincipal() });
watchdog.grantOperate(operators);
watchdog.grantReadToken(operators);
watchdog.grantInvoke(operators);
new Alarm(stack, "SlowTicks", {
  metric: watchdog.metricTickDuration({ statistic: "p90", period: Duration.minutes(15) }),
  threshold: 60_000,
  evaluationPeriods: 2,
});
const waiting = watchdog.metricUntoldStops();
if (waiting) new Alarm(stack, "UntoldStops", { metric: waiting, threshold: 1, evaluationPeriods: 1 });
for (const [i, alarm] of watchdog.alarms.entries()) new CfnOutput(stack, \`Alarm\${i}\`, { value: alarm.alarmArn });
new CfnOutput(stack, "Look", { value: watchdog.function.functionName });
app.synth();
`;

/** Props that its author's compiler refuses. */
const WRONG = `
import { App, Stack } from "aws-cdk-lib";
import { RunWatchdog } from "apify-run-watchdog";
new RunWatchdog(new Stack(new App(), "S"), "W", { maxUsdPerrun: 5 });
`;

const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
  },
};

let folder = "";
let remove = async (): Promise<void> => undefined;
let template: Template;

const compile = (file: string) => {
  const tsc = join(folder, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [tsc, "-p", "tsconfig.json"], { cwd: folder }).then(({ out }) =>
    out.split("\n").filter((line) => line.startsWith(file)),
  );
};

const templateOf = (app: string): Template =>
  JSON.parse(readFileSync(join(folder, app, "RunWatchdog.template.json"), "utf8"));

beforeAll(async () => {
  ({ folder, remove } = await freshFolder({ type: "module" }));
  await install(folder, inject("tarball"), ...ofOurs("aws-cdk-lib", "constructs", "typescript"));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  await writeFile(join(folder, "app.ts"), APP);
  await writeFile(join(folder, "wrong.ts"), WRONG);
  const env = { PATH: "", CDK_OUTDIR: "cdk.out" };
  // With nothing on its path: no bundler, no Docker.
  const ran = await run(process.execPath, ["app.ts"], { cwd: folder, env });
  if (ran.code !== 0) throw new Error(ran.err);
  template = templateOf("cdk.out");
});
afterAll(() => remove());

describe("an app that installs the package", () => {
  it("compiles, strictly, and its compiler refuses a prop that there is not", async () => {
    expect(await compile("app.ts")).toEqual([]);
    expect(await compile("wrong.ts")).toEqual([expect.stringContaining("maxUsdPerrun")]);
  });

  it("deploys the functions that the package brings, as they are", () => {
    const assets = readdirSync(join(folder, "cdk.out")).filter((name) => name.startsWith("asset."));
    const home = join(folder, "node_modules/apify-run-watchdog/dist/functions");
    const handlers = assets.map((name) => readFileSync(join(folder, "cdk.out", name, "index.mjs"), "utf8"));
    for (const name of ["watchdog", "notifier", "courier"]) {
      expect(handlers).toContain(readFileSync(join(home, name, "index.mjs"), "utf8"));
    }
    for (const name of assets) expect(readdirSync(join(folder, "cdk.out", name))).toEqual(["index.mjs"]);
  });

  it("has the watchdog beside what is its own, wired up", () => {
    const { Resources } = template;
    const own = Object.keys(Resources).filter((id) => !id.startsWith("Watchdog"));
    expect(own.map((id) => Resources[id]?.Type).sort()).toEqual([
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Alarm",
      "AWS::IAM::Policy",
      "AWS::IAM::Role",
      "AWS::SNS::Topic",
      "AWS::SNS::TopicPolicy",
    ]);
    const alarm = Object.entries(Resources).find(([id]) => id.startsWith("WatchdogAttentionAlarm"))?.[1];
    expect(alarm?.Properties?.AlarmActions).toHaveLength(2);
  });

  it("has commands in its notices that run where the package is not installed, too", () => {
    const { Resources } = template;
    const [, notifier] =
      Object.entries(Resources).find(([id]) => id.startsWith("WatchdogStopsNotifierFunction")) ?? [];
    expect(notifier?.Properties?.Environment).toMatchObject({
      Variables: { RUNNER: "npx apify-run-watchdog" },
    });
  });

  it("upgrades from the first version without another table, secret or function in the place of one", () => {
    const before = JSON.parse(
      readFileSync(join(root, "test/package/fixtures/template-0.1.0.json"), "utf8"),
    ) as Template;
    // A secret is not made with a value any more; that changes what is in it, and docs/upgrading.md says what to do.
    const isTagged = ([name]: readonly [string, unknown]) =>
      !/^(Tags|Replicas|AlarmActions|Code|GenerateSecretString)$/.test(name);
    for (const [id, { Type, Properties = {} }] of Object.entries(before.Resources)) {
      const now = template.Resources[id];
      expect(now?.Type, id).toBe(Type);
      if (!/GlobalTable|Secret|LogGroup|Queue$|Topic$/.test(Type)) continue;
      const props = Object.fromEntries(Object.entries(now?.Properties ?? {}).filter(isTagged));
      expect(props, id).toEqual(Object.fromEntries(Object.entries(Properties).filter(isTagged)));
    }
  });

  it("can be of CommonJS, too", async () => {
    const script = `
      const { App, Stack } = require("aws-cdk-lib");
      const { RunWatchdog } = require("apify-run-watchdog");
      const stack = new Stack(new App(), "S");
      new RunWatchdog(stack, "W");
      console.log(stack.node.children.length);`;
    await writeFile(join(folder, "app.cjs"), script);
    const { out, err } = await run(process.execPath, ["--no-warnings", "app.cjs"], { cwd: folder, env: {} });
    expect(err).toBe("");
    expect(out).toBe("1\n");
  });

  it("says what is missing where the package lost its functions", async () => {
    const home = "node_modules/apify-run-watchdog";
    cpSync(join(folder, home), join(folder, "elsewhere", home), { recursive: true });
    const lost = join(folder, "elsewhere", home, "dist/functions");
    await run("rm", ["-r", lost]);
    expect(existsSync(lost)).toBe(false);
    await writeFile(join(folder, "elsewhere/package.json"), '{"type":"module"}');
    await writeFile(join(folder, "elsewhere/app.ts"), APP);
    const { err, code } = await run(process.execPath, ["app.ts"], { cwd: join(folder, "elsewhere") });
    expect(err).toMatch(/index\.mjs is not there/);
    expect(code).toBe(1);
  });
});
