/** Restate's SDK wants a function that Node has from version 22 on; nothing else keeps it from running on 20. */
const promise = Promise as { withResolvers?: <T>() => Resolvers<T> };

interface Resolvers<T> {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason?: unknown) => void;
}

promise.withResolvers ??= <T>() => {
  const resolvers = {} as Resolvers<T>;
  resolvers.promise = new Promise<T>((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
  return resolvers;
};
