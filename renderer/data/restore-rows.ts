import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { queryClient } from "./queries.ts";
import { rebuildCache } from "./rebuild-cache.ts";
import { getEngine, getIngest } from "./services.ts";

let running: Promise<void> = Promise.resolve();

/**
 * Brings the database up to what the journal says; shows what cannot be read. Two
 * at once would each change what the other has looked at: they run one after the
 * other, each by what the journal says when it begins.
 */
export function restoreRows(): Promise<void> {
  running = running.then(restore, restore);
  return running;
}

async function restore(): Promise<void> {
  const evidence = useCase.getState().state?.evidence ?? [];
  const session = useSession.getState();
  const failures = await rebuildCache(evidence, {
    engine: getEngine(),
    ingest: getIngest(),
    onFile: (item, index, total) => {
      session.set({ busy: `reading ${item.name} again (${index + 1} of ${total})` });
    },
  });
  session.set({ busy: null });
  for (const { evidence: item, error } of failures) {
    session.notify({
      kind: "error",
      message: `${item.id} ${item.name} has no rows now: ${error.message} ${error.advice}`,
    });
  }
  await queryClient.invalidateQueries();
}
