import { parseRecipe } from "../../shared/report/recipe.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { applyRecipe } from "./apply-recipe.ts";
import { ipc } from "./ipc-client.ts";
import { queryClient } from "./queries.ts";

/** Makes a case from a recipe and imports its evidence, in the window. */
export async function openRecipeInWindow(
  recipePath: string,
  { create }: { create: (name: string, directory: string) => Promise<boolean> },
): Promise<void> {
  const session = useSession.getState();
  const read = await ipc("recipe.read", { path: recipePath });
  if (!read.ok) {
    session.notify({ kind: "error", message: read.error.message });
    return;
  }
  const recipe = parseRecipe(read.value.text);
  if (!recipe.ok) {
    const { line, column, message } = recipe.error;
    session.notify({ kind: "error", message: `${read.value.path}:${line}:${column}: ${message}` });
    return;
  }
  const info = await ipc("app.info");
  if (!(await create(recipe.value.name, info.casesDirectory))) return;
  session.set({ busy: "reading the evidence" });
  try {
    const failures = await applyRecipe(recipe.value, read.value.directory, {
      state: () => {
        const { state } = useCase.getState();
        if (state === null) throw new Error("the case was closed");
        return state;
      },
      append: (...events) => useCase.getState().append(...events),
      onProgress: (message) => {
        session.set({ busy: message });
      },
    });
    for (const { path, error } of failures) {
      session.notify({ kind: "error", message: `${path}: ${error.message} ${error.advice}` });
    }
  } finally {
    session.set({ busy: null });
    await queryClient.invalidateQueries();
  }
}
