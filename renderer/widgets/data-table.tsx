import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState, type KeyboardEvent } from "react";
import "./data-table.css";

export interface DataColumn {
  readonly name: string;
  readonly width: number;
  readonly numeric: boolean;
  readonly title?: string;
}

export interface DataTableProps {
  /** Names the content for the cache and for screen readers. */
  readonly label: string;
  readonly cacheKey: readonly unknown[];
  readonly columns: readonly DataColumn[];
  readonly rowCount: number;
  /** Cells as text for rows `[offset, offset + limit)`. */
  readonly fetchPage: (
    offset: number,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly (readonly string[])[]>;
  /** Rows that are marked, by index; with `onToggle` each row gets a checkbox. */
  readonly selected?: ReadonlySet<number>;
  readonly onToggle?: (index: number) => void;
}

const PAGE = 100;
const ROW_HEIGHT = 24;

/** A table of any length: only the visible pages are fetched and only the visible rows exist. */
export function DataTable(props: DataTableProps) {
  const { columns, rowCount, label, selected, onToggle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- only tells that it is not memoized
  const virtual = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const pages: number[] = [];
  for (let p = Math.floor(first / PAGE); p <= Math.floor(last / PAGE); p++) pages.push(p);
  const mark = onToggle === undefined ? 0 : 30;
  const width = columns.reduce((sum, c) => sum + c.width, mark);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 };
    let next: number | null = null;
    if (event.key in steps) next = active + (steps[event.key] ?? 0);
    else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = rowCount - 1;
    else if (event.key === " " && onToggle !== undefined) {
      event.preventDefault();
      onToggle(active);
      return;
    }
    if (next === null) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(rowCount - 1, next));
    setActive(index);
    virtual.scrollToIndex(index);
  };

  return (
    <div
      ref={scroller}
      className="iq-data"
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className="iq-data-head" role="row" aria-rowindex={1} style={{ width }}>
        {onToggle !== undefined && (
          <div role="columnheader" style={{ width: mark }}>
            <span className="iq-visually-hidden">marked</span>
          </div>
        )}
        {columns.map((c) => (
          <div
            key={c.name}
            role="columnheader"
            className={c.numeric ? "iq-num iq-clip" : "iq-clip"}
            style={{ width: c.width }}
            title={c.title ?? c.name}
          >
            {c.name}
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative", width }}>
        {pages.map((page) => (
          <PageRows
            key={page}
            {...props}
            page={page}
            active={active}
            mark={mark}
            first={first}
            last={last}
            selected={selected ?? NONE}
            onActivate={setActive}
          />
        ))}
      </div>
    </div>
  );
}

const NONE: ReadonlySet<number> = new Set();

interface PageProps extends DataTableProps {
  readonly page: number;
  readonly active: number;
  readonly mark: number;
  readonly first: number;
  readonly last: number;
  readonly selected: ReadonlySet<number>;
  readonly onActivate: (index: number) => void;
}

function PageRows(props: PageProps) {
  const {
    page,
    cacheKey,
    fetchPage,
    columns,
    first,
    last,
    active,
    mark,
    selected,
    onToggle,
    onActivate,
  } = props;
  const { data, isError } = useQuery({
    queryKey: ["rows", ...cacheKey, page],
    queryFn: ({ signal }) => fetchPage(page * PAGE, PAGE, signal),
  });
  const rows = [];
  for (
    let index = Math.max(first, page * PAGE);
    index <= Math.min(last, page * PAGE + PAGE - 1);
    index++
  ) {
    const cells = data?.[index - page * PAGE];
    rows.push(
      <div
        key={index}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selected.has(index)}
        className={index === active ? "iq-data-row iq-data-active" : "iq-data-row"}
        style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
        onClick={() => {
          onActivate(index);
        }}
      >
        {onToggle !== undefined && (
          <div role="gridcell" style={{ width: mark }}>
            <input
              type="checkbox"
              aria-label={`Mark row ${index + 1}`}
              checked={selected.has(index)}
              onChange={() => {
                onToggle(index);
              }}
            />
          </div>
        )}
        {columns.map((c, i) => (
          <div
            key={c.name}
            role="gridcell"
            className={c.numeric ? "iq-num iq-clip" : "iq-clip"}
            style={{ width: c.width }}
            title={cells?.[i]}
          >
            {isError ? "could not be read" : (cells?.[i] ?? "…")}
          </div>
        ))}
      </div>,
    );
  }
  return <>{rows}</>;
}
