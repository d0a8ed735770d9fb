import { FilterCriteria, FilterRule } from "aws-cdk-lib/aws-lambda";
import type { RoutedKind } from "../../functions/notifier-contract.ts";
import { chainPartition, type EntryItem, PARTITION } from "../../src/adapters/dynamodb/table.ts";

const KIND = "kind" satisfies keyof EntryItem;

const keysOf = (account: string) => ({
  Keys: { [PARTITION]: { S: FilterRule.beginsWith(chainPartition(account, "")) } },
});

/** New entries of these kinds, of one account. */
export const newEntries = (account: string, kinds: readonly RoutedKind[]) =>
  FilterCriteria.filter({
    eventName: FilterRule.isEqual("INSERT"),
    dynamodb: { ...keysOf(account), NewImage: { [KIND]: { S: FilterRule.or(...kinds) } } },
  });

/** Entries that were changed or removed, of one account, whatever they were. */
export const tampered = (account: string) =>
  FilterCriteria.filter({
    eventName: FilterRule.or("MODIFY", "REMOVE"),
    dynamodb: keysOf(account),
  });
