/** A port with some of its methods done otherwise: what a faulty network or a dying process would make of it. */
export const instead = <T extends object>(port: T, changes: Partial<T>): T =>
  new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(name in changes ? changes : target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });

/** What is read one by one, and fails before there is a first. */
export const failing = (message: string): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error(message)) }),
});
