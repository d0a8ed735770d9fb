import type { Template } from "aws-cdk-lib/assertions";
import { resourcesOf } from "./support.ts";

type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
};

/** What a template creates and who may do what, short enough to be read in a review. */
export function digestOf(template: Template): string {
  const lines = Object.entries(resourcesOf(template)).flatMap(([id, resource]) => [
    `${resource.Type} ${id}${resource.DeletionPolicy ? ` (${resource.DeletionPolicy})` : ""}`,
    ...statementsIn(resource.Properties).map((statement) => `    ${lineOf(statement)}`),
  ]);
  return `${lines.join("\n")}\n`;
}

/** Every statement of every policy document, however deep it stands. */
export function statementsIn(value: unknown): readonly Statement[] {
  if (typeof value !== "object" || value === null) return [];
  if ("Statement" in value && Array.isArray(value.Statement)) return value.Statement;
  return Object.values(value).flatMap(statementsIn);
}

function lineOf({ Effect, Action, Resource, Principal, Condition }: Statement): string {
  const parts = [
    Effect,
    many(Action),
    ...(Resource === undefined ? [] : ["on", many(Resource)]),
    ...(Principal === undefined ? [] : [Effect === "Deny" ? "to" : "by", principalText(Principal)]),
    ...(Condition === undefined ? [] : ["if", JSON.stringify(plain(Condition))]),
  ];
  return parts.join(" ");
}

const many = (value: unknown): string => (Array.isArray(value) ? value : [value]).map(textOf).join(", ");
const principalText = (principal: unknown): string =>
  typeof principal === "object" && principal !== null
    ? Object.values(principal).map(many).join(", ")
    : String(principal);

/** A reference as `Id.Attribute`. */
export function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if ("Ref" in value) return String(value.Ref);
  if ("Fn::GetAtt" in value && Array.isArray(value["Fn::GetAtt"])) return value["Fn::GetAtt"].join(".");
  if ("Fn::Join" in value && Array.isArray(value["Fn::Join"])) {
    const [separator, parts] = value["Fn::Join"];
    return parts.map(textOf).join(separator);
  }
  return JSON.stringify(value);
}

const isReference = (value: object): boolean => Object.keys(value).some((key) => /^(Ref$|Fn::)/.test(key));

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (isReference(value)) return textOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
