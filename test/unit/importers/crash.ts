/** Errors that nobody caught go to the listener, and not to the test runner, until it is taken away. */
export function onCrash(listener: (reason: unknown) => void): () => void {
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", listener);
  return () => {
    process.removeListener("uncaughtException", listener);
    for (const other of others) process.on("uncaughtException", other);
  };
}
