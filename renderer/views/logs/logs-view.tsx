import { Button } from "@blueprintjs/core";
import { useCallback, useMemo, useRef, useState, type CSSProperties } from "react";
import { DARK, LIGHT } from "../../../shared/model/palette.ts";
import type { LogLine } from "../../../shared/model/log-query.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import { useAnalysis, useTables } from "../../data/queries.ts";
import { bandsOf } from "../../state/bands.ts";
import type { LogKey } from "../../state/log-keys.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import type { Range } from "../../widgets/chart/lane-geometry.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { LevelHistogram } from "./level-histogram.tsx";
import { LineDetail } from "./line-detail.tsx";
import { useLogs } from "../../state/log-state.ts";
import { LogToolbar } from "./log-toolbar.tsx";
import { MarksList } from "./marks-list.tsx";
import { LogPanes, type ActivePane } from "./log-panes.tsx";
import { useLogActions } from "./use-log-actions.ts";
import { useLogKeys } from "./use-log-keys.ts";
import { ALL_LINES, useLineFilter, useLogIndex, useSettledSearch } from "./use-log-query.ts";
import { useMarks } from "./use-marks.ts";
import "./logs.css";

/** All log lines, to be read, searched and marked. */
export default function LogsView() {
  const logs = useTables().find((t) => t.name === "logs") ?? null;
  if (logs !== null) return <Logs logs={logs} />;
  return (
    <EmptyState
      title="No log lines yet"
      action={
        <Button
          intent="primary"
          text="Add evidence"
          onClick={() => {
            useView.getState().show("evidence");
          }}
        />
      }
    >
      Add log files: their lines stand here in the order of time, whatever file they come from, to
      be searched, filtered and marked as evidence.
    </EmptyState>
  );
}

function Logs({ logs }: { logs: TableMeta }) {
  const { theme, timezone: zone } = useView();
  const { context, onlyHits, range, histogram, side, change } = useLogs();
  const windows = useCase((s) => s.state?.windows);
  const readOnly = useCase((s) => (s.opened?.readOnly ?? null) !== null);
  const bounds = useMemo(() => boundsOf(logs), [logs]);
  const bands = useMemo(() => bandsOf(windows), [windows]);
  const facets = useAnalysis("logFacets", {}).data;
  const chosen = useLineFilter();
  const { search, problem } = useSettledSearch();
  const marks = useMarks(logs);
  const filter = context ? ALL_LINES : chosen;
  const index = useLogIndex(histogram ? filter : null, bounds, null);
  const withHits = useMemo(
    () => (filter === null || search === null || !histogram ? null : { ...filter, search }),
    [filter, search, histogram],
  );
  const hits = useLogIndex(withHits, bounds, null);

  const field = useRef<HTMLInputElement>(null);
  const active = useRef<ActivePane>(null);
  const [line, setLine] = useState<LogLine | undefined>(undefined);
  const [said, setSaid] = useState("");
  const [keysOpen, setKeysOpen] = useState(false);
  const [seen, setSeen] = useState<Range | null>(null);
  const onLine = useCallback((now: LogLine) => {
    setLine(now);
    setSaid("");
    useLogs.setState({ place: { time: now.time, evidence: now.evidence, line: now.line } });
  }, []);
  const toggleDetail = useCallback(() => {
    useLogs.setState({ side: useLogs.getState().side === "detail" ? null : "detail" });
  }, []);
  const act = useLogActions({
    active,
    field,
    marks,
    readOnly,
    onSay: setSaid,
    onKeys: setKeysOpen,
  });
  const onKey = useCallback(
    (key: LogKey) => {
      if (!keysOpen) act(key);
      else if (key === "leave") setKeysOpen(false);
    },
    [act, keysOpen],
  );
  useLogKeys(onKey);

  return (
    <div className="iq-logs" style={levelColours(theme)}>
      <LogToolbar
        field={field}
        problem={problem}
        bands={bands}
        marks={marks.lines.length}
        onAct={act}
        onGo={(time) => {
          active.current?.controls()?.goTo({ time, evidence: 0, line: 0 });
        }}
      />
      <FilterBar facets={facets} />
      {histogram && bounds !== null && index.data !== undefined && (
        <LevelHistogram
          index={index.data}
          hits={search === null ? null : (hits.data ?? null)}
          bounds={bounds}
          bands={bands}
          range={context ? null : range}
          seen={seen}
          zone={zone}
          onRange={(next) => {
            change({ range: next, context: false });
          }}
          onGo={(time) => {
            active.current?.controls()?.goTo({ time, evidence: 0, line: 0 });
          }}
        />
      )}
      {context && (
        <div className="iq-banner">
          All lines around the chosen one are shown: filters are off.
          <Button
            size="small"
            text="Back to the filters (c)"
            onClick={() => {
              act("context");
            }}
          />
        </div>
      )}
      <p role="status" className={said === "" ? "iq-visually-hidden" : "iq-log-said"}>
        {said}
      </p>
      <div className="iq-log-ground">
        <LogPanes
          ref={active}
          bounds={bounds}
          bands={bands}
          incident={windows?.incident ?? null}
          filter={filter}
          search={search}
          onlyHits={onlyHits && !context}
          range={context ? null : range}
          columns={{
            service: facets?.service.some((v) => v.value !== null) ?? true,
            host: facets?.host.some((v) => v.value !== null) ?? true,
          }}
          marks={marks}
          onLine={onLine}
          onOpen={toggleDetail}
          onSay={setSaid}
          onSeen={setSeen}
        />
        {side === "detail" && (
          <LineDetail
            line={line}
            marks={marks}
            readOnly={readOnly}
            onClose={() => {
              change({ side: null });
            }}
          />
        )}
        {side === "marks" && (
          <MarksList
            marks={marks}
            readOnly={readOnly}
            onGo={(mark) => {
              active.current?.controls()?.goTo(mark);
            }}
            onClose={() => {
              change({ side: null });
            }}
          />
        )}
      </div>
      <KeysDialog
        isOpen={keysOpen}
        onClose={() => {
          setKeysOpen(false);
        }}
      />
    </div>
  );
}

function boundsOf({ from, to }: TableMeta): Range | null {
  if (from === null || to === null) return null;
  return { from, to: Math.max(to, from) + 1 };
}

/** Colours of the levels as variables, so that rows need none of their own. */
function levelColours(theme: "light" | "dark"): CSSProperties {
  const { levels } = theme === "dark" ? DARK : LIGHT;
  return Object.fromEntries(
    Object.entries(levels).map(([level, colour]) => [`--iq-log-${level}`, colour]),
  );
}
