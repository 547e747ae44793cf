import { useCallback, useEffect, useLayoutEffect, useRef, type ReactNode } from "react";
import { pageParts, timeOfNumber } from "../../../shared/analysis/log-lines/index-places.ts";
import type { LogField, LogLine, LogSearch } from "../../../shared/model/log-query.ts";
import { useAnalysis } from "../../data/queries.ts";
import { LogRow, type LogColumns } from "./log-row.tsx";
import type { ListPlace } from "./use-position.ts";

export const ROW_HEIGHT = 20;
/** Lines that are read at a time. */
const PAGE = 100;

export interface LogListProps {
  readonly id: string;
  readonly label: string;
  readonly at: ListPlace;
  readonly search: LogSearch | null;
  /** How many lines fit. */
  readonly rows: number;
  readonly columns: LogColumns;
  readonly colourBy: LogField;
  readonly wrap: boolean;
  readonly zone: string;
  readonly isMarked: (line: LogLine) => boolean;
  readonly onScrollBy: (lines: number) => void;
  readonly onPick: (number: number, isOpened: boolean) => void;
  readonly onHeight: (height: number) => void;
  readonly children?: ReactNode;
}

/**
 * Lines of a list of any length. It does not scroll as a tall element would:
 * Chromium cuts those at 33 million pixels, that is 1.6 million lines. It shows
 * the lines from a number on, and the number moves.
 */
export function LogList(props: LogListProps) {
  const { id, label, at, rows, columns, wrap, onScrollBy, onHeight, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const { index, top, current } = at;

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
      onScrollBy(lines ? event.deltaY : event.deltaY / ROW_HEIGHT);
    };
    // React listens passively: it could not keep the view behind from scrolling.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      element.removeEventListener("wheel", onWheel);
    };
  }, [onScrollBy]);
  useEffect(() => {
    const element = body.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      onHeight(element.clientHeight);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [onHeight]);
  // Who came by the navigation reads on by keyboard.
  useEffect(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body || focused.closest(".iq-nav") !== null)
      scroller.current?.focus({ preventScroll: true });
  }, []);
  // Wrapped lines are higher than one row: the current one may still be out of sight.
  useLayoutEffect(() => {
    const element = body.current;
    if (!wrap || element === null || current <= top) return;
    const row = document.getElementById(rowId(id, current));
    if (row === null) return;
    if (row.getBoundingClientRect().bottom > element.getBoundingClientRect().bottom + 1)
      onScrollBy(1);
  });

  const first = Math.floor(top);
  const last = Math.min(index.total - 1, first + rows + 1);
  const pages: number[] = [];
  for (let p = Math.floor(first / PAGE); p <= Math.floor(last / PAGE); p++) pages.push(p);
  const shift = wrap ? 0 : (top - first) * ROW_HEIGHT;
  return (
    <div
      ref={scroller}
      id={id}
      className="iq-log-list"
      role="grid"
      aria-label={label}
      aria-rowcount={index.total + 1}
      aria-readonly="true"
      aria-activedescendant={current >= first && current <= last ? rowId(id, current) : undefined}
      tabIndex={0}
      data-wrap={wrap || undefined}
      data-service={columns.service || undefined}
      data-host={columns.host || undefined}
    >
      <div className="iq-log-head" role="row" aria-rowindex={1}>
        <span role="columnheader">
          <span className="iq-visually-hidden">Mark</span>
        </span>
        <span role="columnheader">Time ({props.zone})</span>
        <span role="columnheader">Level</span>
        {columns.service && <span role="columnheader">Service</span>}
        {columns.host && <span role="columnheader">Host</span>}
        <span role="columnheader">Message</span>
      </div>
      <div ref={body} role="presentation" className="iq-log-body">
        <div
          role="rowgroup"
          className="iq-log-rows"
          style={{ transform: `translateY(${String(-shift)}px)` }}
        >
          {pages.map((page) => (
            <PageRows key={page} {...props} page={page} first={first} last={last} />
          ))}
        </div>
        {children}
      </div>
    </div>
  );
}

interface PageRowsProps extends LogListProps {
  readonly page: number;
  readonly first: number;
  readonly last: number;
}

function PageRows(props: PageRowsProps) {
  const { id, page, first, last, at, search, columns, colourBy, zone, isMarked, onPick } = props;
  const lines = useLogLines(at, search, page);
  const rows: ReactNode[] = [];
  const end = Math.min(last, page * PAGE + PAGE - 1);
  for (let number = Math.max(first, page * PAGE); number <= end; number++) {
    const line = lines?.[number - page * PAGE] ?? null;
    rows.push(
      <LogRow
        key={number}
        id={rowId(id, number)}
        number={number}
        line={line}
        about={line === null ? timeOfNumber(at.index, number) : null}
        columns={columns}
        colourBy={colourBy}
        zone={zone}
        isCurrent={number === at.current}
        isMarked={line !== null && isMarked(line)}
        onPick={onPick}
      />,
    );
  }
  return <>{rows}</>;
}

/** The lines of a page; until their hits are marked, as they are. */
function useLogLines(
  { index, filter }: ListPlace,
  search: LogSearch | null,
  page: number,
): readonly LogLine[] | undefined {
  const input = {
    filter,
    parts: page < 0 ? [] : pageParts(index, page * PAGE, PAGE),
    search: null,
  };
  const isAsked = page >= 0 && input.parts.length > 0;
  const plain = useAnalysis("logPage", isAsked ? input : null);
  const marked = useAnalysis("logPage", isAsked && search !== null ? { ...input, search } : null);
  return search === null ? plain.data : (marked.data ?? plain.data);
}

/** The line on which one stands; undefined until it is read. */
export function useCurrentLine(
  at: ListPlace | null,
  search: LogSearch | null,
): LogLine | undefined {
  const isThere = at !== null && at.current < at.index.total;
  const page = isThere ? Math.floor(at.current / PAGE) : -1;
  const lines = useLogLines(at ?? NOWHERE, search, page);
  return isThere ? lines?.[at.current - page * PAGE] : undefined;
}

const NOWHERE: ListPlace = {
  index: { total: 0, untimed: 0, segments: [], starts: [], bucket: 1, times: [], levels: [] },
  filter: { conditions: [], shapes: null, withoutShapes: [], search: null },
  top: 0,
  current: 0,
};

function rowId(list: string, number: number): string {
  return `${list}-${String(number)}`;
}

/** How many lines fit into a height in px, and the function that takes it. */
export function useRowCount(set: (rows: number) => void): (height: number) => void {
  return useCallback(
    (height: number) => {
      set(Math.max(1, Math.floor(height / ROW_HEIGHT)));
    },
    [set],
  );
}
