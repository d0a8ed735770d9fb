/**
 * What ES2024 has and Node.js 20 lacks, put in its place. The sources are checked against ES2024, so nothing newer is used;
 * of ES2024 itself nothing else is missing there but `ArrayBuffer.prototype.transfer`, which nothing here needs.
 */
Map.groupBy ??= function groupBy<K, T>(
  items: Iterable<T>,
  keyOf: (item: T, index: number) => K,
): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

Object.groupBy ??= <K extends PropertyKey, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K) =>
  Object.assign(Object.create(null), Object.fromEntries(Map.groupBy(items, keyOf))) as Partial<
    Record<K, T[]>
  >;

Promise.withResolvers ??= <T>(): PromiseWithResolvers<T> => {
  const settle = {} as Omit<PromiseWithResolvers<T>, "promise">;
  const promise = new Promise<T>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  return { promise, ...settle };
};

// It speaks to those who choose the SDK's version. Here that comes bundled, and works.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
