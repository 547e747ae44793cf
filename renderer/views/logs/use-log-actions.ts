import { useMemo, type RefObject } from "react";
import type { LogKey } from "../../state/log-keys.ts";
import { comparePlaces } from "./log-actions.ts";
import type { ActivePane } from "./log-panes.tsx";
import { useLogs } from "../../state/log-state.ts";
import type { Marks } from "./use-marks.ts";

interface ActionTarget {
  readonly active: RefObject<ActivePane | null>;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly marks: Marks;
  readonly readOnly: boolean;
  readonly onSay: (sentence: string) => void;
  readonly onKeys: (open: boolean) => void;
}

/** What each key does; buttons do the same. */
export function useLogActions(target: ActionTarget): (key: LogKey) => void {
  const { active, field, marks, readOnly, onSay, onKeys } = target;
  return useMemo(() => {
    const { setState: set, getState: get } = useLogs;
    const pane = () => active.current?.controls() ?? null;
    const mark = async () => {
      const line = await pane()?.line();
      if (line) marks.toggle(line);
    };
    const goToMark = async (direction: 1 | -1) => {
      const here = await pane()?.line();
      if (!here) return;
      const beyond = marks.lines.filter((m) => comparePlaces(m, here) * direction > 0);
      const next = direction === 1 ? beyond[0] : beyond.at(-1);
      if (next === undefined)
        onSay(`There is no marked line ${direction === 1 ? "after" : "before"} this one.`);
      else pane()?.goTo(next);
    };
    const bound = async (side: "from" | "to") => {
      const at = (await pane()?.line())?.time ?? null;
      if (at === null) return;
      const { range } = get();
      if (side === "from") set({ range: { from: at, to: Math.max(range?.to ?? FAR, at + 1) } });
      else set({ range: { from: Math.min(range?.from ?? -FAR, at), to: at + 1 } });
    };
    const actions: Record<LogKey, () => void> = {
      down: () => pane()?.move(1),
      up: () => pane()?.move(-1),
      "page-down": () => pane()?.page(1),
      "page-up": () => pane()?.page(-1),
      first: () => pane()?.end(-1),
      last: () => pane()?.end(1),
      search: () => {
        field.current?.focus();
        field.current?.select();
      },
      "next-hit": () => pane()?.seek("hit", 1),
      "previous-hit": () => pane()?.seek("hit", -1),
      "only-hits": () => {
        if (get().search.text !== "") set({ onlyHits: !get().onlyHits });
        else onSay("Nothing is searched: / begins a search.");
      },
      "next-error": () => pane()?.seek("error", 1),
      "previous-error": () => pane()?.seek("error", -1),
      "next-warning": () => pane()?.seek("warning", 1),
      "previous-warning": () => pane()?.seek("warning", -1),
      mark: () => {
        if (readOnly) onSay("This case is open read-only: nothing can be marked.");
        else void mark();
      },
      "next-mark": () => void goToMark(1),
      "previous-mark": () => void goToMark(-1),
      context: () => {
        set({ context: !get().context, daysBefore: null });
      },
      "from-here": () => void bound("from"),
      "until-here": () => void bound("to"),
      histogram: () => {
        set({ histogram: !get().histogram });
      },
      wrap: () => {
        set({ wrap: !get().wrap });
      },
      detail: () => {
        set({ side: get().side === "detail" ? null : "detail" });
      },
      keys: () => {
        onKeys(true);
      },
      leave: () => {
        if (document.activeElement === field.current) pane()?.focus();
        else if (get().context) set({ context: false });
        else set({ side: null });
      },
    };
    return (key) => {
      actions[key]();
    };
  }, [active, field, marks, readOnly, onSay, onKeys]);
}

/** Open ends of a range, far beyond any time that a log has. */
const FAR = 8e15;
