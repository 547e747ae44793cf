import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PlacedIndex } from "../../../shared/analysis/log-lines/index-places.ts";
import type { LogFilter, LogPlace } from "../../../shared/model/log-query.ts";
import { numberOfPlace } from "./log-actions.ts";

export interface ListPlace {
  /** The list to which the numbers belong: the latest that is known. */
  readonly index: PlacedIndex;
  readonly filter: LogFilter;
  /** Number of the line at the upper edge; a fraction when it is partly out of sight. */
  readonly top: number;
  /** Number of the line on which one stands. */
  readonly current: number;
}

export interface Position {
  /** Null until the first list is known; the list before stays until the next one is. */
  readonly at: ListPlace | null;
  readonly scrollTo: (top: number) => void;
  readonly scrollBy: (lines: number) => void;
  /** Stands on a line and brings it into sight; far away lines come to the middle. */
  readonly goTo: (number: number) => void;
  readonly moveBy: (lines: number) => void;
  /** To a line, or the next one after it, also while the list is becoming another. */
  readonly goToPlace: (place: LogPlace) => Promise<void>;
  /** The place of the current line, so that it is found again in another list. */
  readonly remember: (place: LogPlace) => void;
}

/**
 * Where a list stands. When the list becomes another (a filter, a range) it goes
 * to the same line, or to the next one after it, and keeps it in its place on
 * the screen.
 *
 * @param rows how many lines fit
 * @param slack lines that may stay empty below the last one
 */
export function usePosition(
  index: PlacedIndex | undefined,
  filter: LogFilter | null,
  start: LogPlace | null,
  rows: number,
  slack: number,
): Position {
  const [at, setAt] = useState<ListPlace | null>(null);
  const place = useRef(start);
  const asked = useRef<LogPlace | null>(null);
  /** Lines between the upper edge and the current line. */
  const offset = useRef(0);
  const fits = Math.max(1, rows);
  const size = useRef(fits);
  useEffect(() => {
    const before = size.current;
    size.current = fits;
    // The list became shorter: the line on which one stands stays in sight.
    setAt((was) =>
      was === null || was.current < was.top + fits || was.current > was.top + before
        ? was
        : { ...was, top: was.current - fits + 1 },
    );
  }, [fits]);

  /** The list that shall be shown; `at` follows when its place in it is known. */
  const latest = useRef(index);
  useEffect(() => {
    latest.current = index;
    if (index === undefined || filter === null) return;
    const controller = new AbortController();
    const settle = async () => {
      // Someone may go elsewhere in the meantime.
      for (;;) {
        const wanted = place.current;
        const number = await numberOfPlace(index, filter, wanted, controller.signal);
        if (number === null || controller.signal.aborted) return;
        if (place.current !== wanted) continue;
        const lowest = Math.max(0, index.total - size.current);
        const top = Math.min(lowest, Math.max(0, number - offset.current));
        setAt({ index, filter, current: number, top });
        return;
      }
    };
    void settle();
    return () => {
      controller.abort();
    };
  }, [index, filter]);

  const update = useCallback(
    (next: (at: ListPlace) => { top: number; current: number }) => {
      setAt((before) => {
        if (before === null || before.index.total === 0) return before;
        const wanted = next(before);
        const lowest = Math.max(0, before.index.total - fits + slack);
        return {
          ...before,
          top: Math.min(lowest, Math.max(0, wanted.top)),
          current: Math.min(before.index.total - 1, Math.max(0, wanted.current)),
        };
      });
    },
    [fits, slack],
  );
  useEffect(() => {
    if (at !== null) offset.current = Math.min(fits - 1, Math.max(0, at.current - at.top));
  }, [at, fits]);

  return useMemo(() => {
    const seen = (top: number, current: number): number => {
      if (current < top) return current;
      return current > top + fits - 1 ? current - fits + 1 : top;
    };
    const made: Position = {
      at,
      scrollTo: (top) => {
        update(({ current }) => ({ top, current }));
      },
      scrollBy: (lines) => {
        update(({ top, current }) => ({ top: top + lines, current }));
      },
      goTo: (number) => {
        asked.current = null;
        update(({ top, index: { total } }) => {
          const isFar = number < top - fits || number > top + 2 * fits;
          const middle = Math.min(number - Math.floor(fits / 3), total - fits);
          return { top: isFar ? middle : seen(top, number), current: number };
        });
      },
      moveBy: (lines) => {
        asked.current = null;
        update(({ top, current, index: { total } }) => {
          const next = Math.min(total - 1, Math.max(0, current + lines));
          const isPage = Math.abs(lines) > 1;
          return { top: seen(isPage ? top + lines : top, next), current: next };
        });
      },
      goToPlace: async (wanted) => {
        place.current = wanted;
        if (at === null || at.index !== latest.current) return;
        const number = await numberOfPlace(at.index, at.filter, wanted);
        if (number !== null && place.current === wanted && at.index === latest.current)
          made.goTo(number);
        // What was asked for holds in the next list, also where this one ends before it.
        asked.current = wanted;
      },
      remember: (line) => {
        if (at?.index === latest.current) place.current = asked.current ?? line;
        asked.current = null;
      },
    };
    return made;
  }, [at, update, fits]);
}
