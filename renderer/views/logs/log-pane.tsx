import { Button, NonIdealState, Spinner } from "@blueprintjs/core";
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type Ref,
} from "react";
import {
  segmentOfPlace,
  timeOfNumber,
  type PlacedIndex,
} from "../../../shared/analysis/log-lines/index-places.ts";
import type { LogFilter, LogLine, LogPlace, LogSearch } from "../../../shared/model/log-query.ts";
import { useAnalysis } from "../../data/queries.ts";
import type { WindowBand } from "../../state/bands.ts";
import { useView } from "../../state/view-store.ts";
import type { Range } from "../../widgets/chart/lane-geometry.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { integer } from "../../widgets/format.ts";
import { lineOfNumber, nextPlace, type Sought } from "./log-actions.ts";
import { LogList, useCurrentLine, useRowCount } from "./log-list.tsx";
import type { LogColumns } from "./log-row.tsx";
import { LogScrollbar } from "./log-scrollbar.tsx";
import { clearFilters, useLogs } from "../../state/log-state.ts";
import { useLogIndex } from "./use-log-query.ts";
import type { Marks } from "./use-marks.ts";
import { usePosition } from "./use-position.ts";

/** What keys and buttons do to the list that has the person's attention. */
export interface PaneControls {
  readonly move: (lines: number) => void;
  readonly page: (direction: 1 | -1) => void;
  readonly end: (direction: 1 | -1) => void;
  readonly seek: (sought: Sought, direction: 1 | -1) => void;
  /** To a line, or to the first one after it. */
  readonly goTo: (place: LogPlace) => void;
  /** To a part of the list, 0 to 1. */
  readonly goToShare: (share: number) => void;
  /** The line on which one stands; null where there is none. */
  readonly line: () => Promise<LogLine | null>;
  readonly focus: () => void;
}

export interface LogPaneProps {
  readonly id: string;
  readonly label: string;
  readonly ref: Ref<PaneControls>;
  /** Without search; null while it is being made. */
  readonly filter: LogFilter | null;
  readonly search: LogSearch | null;
  readonly onlyHits: boolean;
  readonly bounds: Range | null;
  readonly range: Range | null;
  readonly start: LogPlace | null;
  readonly columns: LogColumns;
  readonly bands: readonly WindowBand[];
  readonly marks: Marks;
  readonly isActive: boolean;
  readonly onActive: () => void;
  /** The current line, once it is read. */
  readonly onLine: (line: LogLine) => void;
  readonly onOpen: () => void;
  /** What there is to say in a sentence. */
  readonly onSay: (sentence: string) => void;
  /** Times of the first and last line that are seen, about. */
  readonly onSeen?: (seen: Range | null) => void;
}

/** One list of lines: its index, its place, its scroll bar, and what it says below. */
export function LogPane(props: LogPaneProps) {
  const { id, label, ref, filter, search, onlyHits, bounds, range, start, marks } = props;
  const { onLine, onActive, onOpen, onSay, onSeen } = props;
  const { colourBy, wrap } = useLogs();
  const zone = useView((s) => s.timezone);
  const theme = useView((s) => s.theme);
  const [rows, setRows] = useState(30);
  const onHeight = useRowCount(setRows);

  const hitFilter = useMemo(
    () => (filter === null || search === null ? null : { ...filter, search }),
    [filter, search],
  );
  const lineFilter = onlyHits && hitFilter !== null ? hitFilter : filter;
  const index = useLogIndex(lineFilter, bounds, range);
  const hits = useLogIndex(hitFilter, bounds, range);
  const position = usePosition(index.data, lineFilter, start, rows, wrap ? rows - 1 : 0);
  const { at, remember, goTo } = position;
  const line = useCurrentLine(at, search);
  const tell = useEffectEvent((read: LogLine) => {
    remember(read);
    onLine(read);
  });
  useEffect(() => {
    if (line !== undefined) tell(line);
  }, [line]);
  useEffect(() => {
    onSeen?.(at === null ? null : seenTimes(at.index, at.top, rows));
  }, [at, rows, onSeen]);

  /** While one is looked for, further presses of the key wait for it. */
  const seeking = useRef(false);
  const made = useMemo<PaneControls>(() => {
    const currentLine = async () =>
      line ?? (at === null ? null : lineOfNumber(at.index, at.filter, at.current));
    const seek = async (sought: Sought, direction: 1 | -1) => {
      const where = sought === "hit" ? hits.data : at?.index;
      const wanted = sought === "hit" ? hitFilter : at?.filter;
      if (sought === "hit" && hitFilter === null) onSay("Nothing is searched: / begins a search.");
      if (where === undefined || !wanted || seeking.current) return;
      seeking.current = true;
      try {
        const from = await currentLine();
        if (from === null) return;
        const found = await nextPlace(sought, where, wanted, from, direction);
        if (found === null)
          onSay(`There is no ${sought} ${direction === 1 ? "after" : "before"} this line.`);
        else {
          onSay("");
          await position.goToPlace(found);
        }
      } finally {
        seeking.current = false;
      }
    };
    return {
      move: position.moveBy,
      page: (direction) => {
        position.moveBy(direction * Math.max(1, rows - 1));
      },
      end: (direction) => {
        goTo(direction === 1 ? (at?.index.total ?? 1) - 1 : 0);
      },
      seek: (sought, direction) => void seek(sought, direction),
      goTo: (place) => void position.goToPlace(place),
      goToShare: (share) => {
        goTo(Math.round(share * ((at?.index.total ?? 1) - 1)));
      },
      line: currentLine,
      focus: () => document.getElementById(id)?.focus(),
    };
  }, [at, goTo, hitFilter, hits.data, id, line, onSay, position, rows]);
  useImperativeHandle(ref, () => made, [made]);
  const awaited = useLogs((s) => s.awaited);
  const seekAwaited = useEffectEvent((direction: 1 | -1) => {
    useLogs.setState({ awaited: null });
    made.seek("hit", direction);
  });
  const due =
    props.isActive && awaited?.search === search && hits.data !== undefined && at !== null
      ? awaited.direction
      : null;
  useEffect(() => {
    if (due !== null) seekAwaited(due);
  }, [due]);
  const onPick = useCallback(
    (number: number, isOpened: boolean) => {
      goTo(number);
      if (isOpened) onOpen();
    },
    [goTo, onOpen],
  );

  if (index.error !== null) {
    return (
      <EmptyState
        nested
        title="The lines could not be read"
        action={<Button text="Try again" onClick={index.retry} />}
      >
        {index.error.message}
      </EmptyState>
    );
  }
  if (at === null)
    return <NonIdealState icon={<Spinner size={24} />} description="Counting the lines…" />;
  return (
    <section
      className="iq-log-pane"
      aria-label={label}
      data-active={props.isActive}
      data-busy={at.index !== index.data || (search !== null && hits.isFetching)}
      onFocus={onActive}
      onPointerDown={onActive}
    >
      <div className="iq-log-main">
        <LogList
          id={id}
          label={label}
          at={at}
          search={search}
          rows={rows}
          columns={props.columns}
          colourBy={colourBy}
          wrap={wrap}
          zone={zone}
          isMarked={marks.has}
          onScrollBy={position.scrollBy}
          onPick={onPick}
          onHeight={onHeight}
        >
          {at.index.total === 0 && <NoLine />}
        </LogList>
        <LogScrollbar
          listId={id}
          at={at}
          rows={rows}
          hits={search === null ? undefined : hits.data}
          marks={marks.lines}
          bands={props.bands}
          theme={theme}
          onScrollTo={position.scrollTo}
        />
      </div>
      <p className="iq-log-foot iq-muted">
        <span>
          Line <strong>{integer(at.index.total === 0 ? 0 : at.current + 1)}</strong> of{" "}
          {integer(at.index.total)}
          {at.index.untimed > 0 && `, ${integer(at.index.untimed)} without a time at the end`}
        </span>
        {search !== null && (
          <HitCount hits={hits.data} filter={hitFilter} line={line} error={hits.error} />
        )}
      </p>
    </section>
  );
}

function NoLine() {
  return (
    <div className="iq-log-none" role="row">
      <p role="gridcell">
        No line is left by the filters.{" "}
        <button type="button" className="iq-link" onClick={clearFilters}>
          Show all lines
        </button>
      </p>
    </div>
  );
}

function HitCount({
  hits,
  filter,
  line,
  error,
}: {
  hits: PlacedIndex | undefined;
  filter: LogFilter | null;
  line: LogLine | undefined;
  error: Error | null;
}) {
  const rank = useHitRank(hits, filter, line?.isHit === true ? line : null);
  if (error !== null)
    return <span className="iq-log-trouble">The search failed: {error.message}</span>;
  if (hits === undefined) return <span data-hits="counting">counting hits…</span>;
  const total = `${integer(hits.total)} ${hits.total === 1 ? "line has" : "lines have"} a hit`;
  return (
    <span data-hits={hits.total}>
      {rank === null ? total : `hit ${integer(rank)} of ${integer(hits.total)}`}
    </span>
  );
}

/** Which of the hits a line is, from 1. */
function useHitRank(
  hits: PlacedIndex | undefined,
  filter: LogFilter | null,
  line: LogLine | null,
): number | null {
  const key = line === null ? null : { time: line.time, evidence: line.evidence, line: line.line };
  const segment = hits === undefined || key === null ? -1 : segmentOfPlace(hits, key);
  const span = hits?.segments[segment]?.span;
  const asked = useAnalysis(
    "logRank",
    filter === null || key === null || span === undefined ? null : { filter, span, place: key },
  );
  if (span === undefined || asked.data === undefined) return null;
  return (hits?.starts[segment] ?? 0) + asked.data + 1;
}

function seenTimes(index: PlacedIndex, top: number, rows: number): Range | null {
  const first = timeOfNumber(index, Math.floor(top));
  const last = timeOfNumber(index, Math.min(index.total - 1, Math.floor(top) + rows));
  if (first === null) return null;
  return { from: first, to: Math.max(last ?? first, first) };
}
