import type { Evidence } from "../../shared/model/evidence.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { ipc } from "./ipc-client.ts";
import { restoreRows } from "./restore-rows.ts";

/** Takes a file out of the case; the file itself is not touched, and undo brings it back. */
export async function removeEvidence(evidence: Evidence): Promise<void> {
  const done = await useCase
    .getState()
    .append({ type: "evidence/removed", data: { id: evidence.id } });
  if (!done) return;
  useView.getState().selectEvidence(null);
  await restoreRows();
}

/** Tells the case where a moved original is now; all members of an archive move with it. */
export async function relocate({ path: old, sha256 }: Evidence, path: string): Promise<void> {
  const { state, append } = useCase.getState();
  const moved = state?.evidence.filter((e) => e.path === old && e.sha256 === sha256) ?? [];
  const done = await append(
    ...moved.map(({ id }) => ({ type: "evidence/relocated" as const, data: { id, path } })),
  );
  if (done) await checkOriginals();
}

/** Compares the originals on disk with what the journal recorded. */
export async function checkOriginals(): Promise<void> {
  const evidence = useCase.getState().state?.evidence ?? [];
  if (evidence.length === 0) {
    useSession.getState().set({ originals: {} });
    return;
  }
  const checks = await ipc("evidence.check", {
    items: evidence.map(({ id, path, size, mtimeMs, sha256 }) => ({
      id,
      path,
      size,
      mtimeMs,
      sha256,
    })),
  });
  const originals = Object.fromEntries(
    checks.map((c) => [c.id, { status: c.status, message: c.message, foundAt: c.foundAt ?? null }]),
  );
  useSession.getState().set({ originals });
  const bad = checks.filter((c) => c.status !== "unchanged");
  if (bad.length > 0) {
    useSession.getState().notify({
      kind: "error",
      message: `${bad.length} of ${evidence.length} originals ${bad.length === 1 ? "is" : "are"} not as recorded: ${bad.map((c) => `${c.id} is ${c.status}`).join(", ")}. Findings keep their digests; see Evidence.`,
      action: {
        label: "Show evidence",
        run: () => {
          useView.getState().show("evidence");
        },
      },
    });
  }
}
