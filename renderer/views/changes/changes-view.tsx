import { Button, ButtonGroup, InputGroup, ProgressBar } from "@blueprintjs/core";
import { DuplicateIcon, SearchIcon } from "@blueprintjs/icons";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { groupBoard, type Grouping } from "../../../shared/analysis/board/group-board.ts";
import { templateLane } from "../../../shared/analysis/lanes.ts";
import type { BoardGroup, BoardRow } from "../../../shared/model/board.ts";
import { pinBoardRow } from "../../data/board-actions.ts";
import { useBoard, type Board, type BoardSourceState } from "../../data/board.ts";
import { useWindowPair } from "../../data/comparison.ts";
import { copyBoard } from "../../data/copy.ts";
import { showColumnLane, showLane, showLines, showTime } from "../../data/go-to.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { BoardLine } from "./board-row.tsx";
import { GROUPINGS, titleOf } from "./board-text.ts";
import "./changes.css";

/** Everything that differs between the windows, from every source, strongest first. */
export default function ChangesView() {
  const evidence = useCase((s) => s.state?.evidence.length ?? 0);
  const windows = useWindowPair();
  const show = useView((s) => s.show);
  if (evidence === 0) {
    return (
      <EmptyState
        title="Nothing to compare yet"
        action={
          <Button
            intent="primary"
            text="Add evidence"
            onClick={() => {
              show("evidence");
            }}
          />
        }
      >
        Add the files of the incident first. What differs between baseline and incident, in tables,
        metrics, logs, models and events, stands here on one board.
      </EmptyState>
    );
  }
  if (windows === null) {
    return (
      <EmptyState title="Mark the two windows">
        Drag over the chart above to mark the baseline (when all was well) and the incident (when it
        was not). What differs between them stands here.
      </EmptyState>
    );
  }
  return <BoardView onset={windows.incident.from ?? 0} />;
}

function BoardView({ onset }: { onset: number }) {
  const board = useBoard();
  const [grouping, setGrouping] = useState<Grouping>("layer");
  const [words, setWords] = useState("");
  const groups = useMemo(() => {
    const parts = board.sources.flatMap((s) => s.part ?? []);
    return groupBoard(parts, grouping, onset).map((g) => ({
      ...g,
      rows: g.rows.filter((r) => hasWords(r, words)),
    }));
  }, [board.sources, grouping, onset, words]);
  const total = groups.reduce((sum, g) => sum + g.rows.length, 0);
  const titled = groups.map((group) => ({ ...titleOf(grouping, group.key), group }));
  return (
    <div className="iq-board">
      <header className="iq-board-top">
        <div className="iq-page-head">
          <h1>What changed</h1>
          <InputGroup
            size="small"
            type="search"
            leftIcon={<SearchIcon size={14} className="iq-search-icon" />}
            aria-label="Words of a change"
            placeholder="Filter"
            value={words}
            onValueChange={setWords}
          />
          <ButtonGroup>
            {GROUPINGS.map(({ id, title }) => (
              <Button
                key={id}
                size="small"
                text={title}
                active={grouping === id}
                aria-pressed={grouping === id}
                onClick={() => {
                  setGrouping(id);
                }}
              />
            ))}
          </ButtonGroup>
          <Button
            size="small"
            icon={<DuplicateIcon size={14} />}
            text="Copy as Markdown"
            disabled={total === 0}
            onClick={() => void copyBoard(titled)}
          />
        </div>
        <Sources sources={board.sources} total={total} />
      </header>
      <Branches
        board={board}
        titled={titled}
        grouping={grouping}
        isFiltered={words.trim() !== ""}
      />
    </div>
  );
}

function hasWords({ name, of, sentence, service }: BoardRow, words: string): boolean {
  const text = `${name} ${of} ${sentence} ${service ?? ""}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}

/** What is on the board, what is still to come, and what could not be read. */
function Sources({ sources, total }: { sources: readonly BoardSourceState[]; total: number }) {
  const waiting = sources.filter((s) => s.part === null && s.error === null);
  const failed = sources.filter((s) => s.error !== null);
  return (
    <>
      <p className="iq-muted iq-board-state" role="status">
        {count(total, "change")}
        {waiting.length > 0 && `; still comparing ${waiting.map((s) => s.name).join(", ")}`}
      </p>
      {waiting.length > 0 && <ProgressBar className="iq-board-wait" />}
      {failed.map((s) => (
        <p key={s.name} role="alert" className="iq-time-problem">
          {s.name}: not compared. {s.error}
        </p>
      ))}
    </>
  );
}

interface BranchesProps {
  readonly board: Board;
  readonly titled: readonly {
    readonly title: string;
    readonly of: string;
    readonly group: BoardGroup;
  }[];
  readonly grouping: Grouping;
  readonly isFiltered: boolean;
}

function Branches({ board, titled, grouping, isFiltered }: BranchesProps) {
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const isComplete = board.sources.every((s) => s.part !== null || s.error !== null);
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const rows = titled.flatMap((t) => t.group.rows);
  const current = rows.find((r) => r.id === chosen) ?? rows[0];
  const atOf = (row: BoardRow) => row.at ?? board.onsets.get(row.id) ?? null;
  const pin = (row: BoardRow) => void pinBoardRow(row, board.material);
  const onKey = (event: KeyboardEvent) => {
    // Keys of a button or field stay with it.
    if (!(event.target instanceof HTMLLIElement) || current === undefined) return;
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key] ?? 0;
    if (step !== 0) {
      const next = rows[rows.indexOf(current) + step];
      const place = list.current?.querySelector(`[data-row="${CSS.escape(next?.id ?? "")}"]`);
      if (place instanceof HTMLElement) place.focus();
    } else if (event.key === "Enter") openRow(current);
    else if (event.key === "t") showOnTimeline(current, atOf(current));
    else if (event.key === "p") pin(current);
    else return;
    event.preventDefault();
  };
  return (
    <div ref={list} className="iq-board-branches" onKeyDown={onKey}>
      {titled.map(({ title, of, group }) => (
        <section key={group.key} aria-label={title} data-branch={group.key}>
          <h2 className="iq-board-branch">
            {title} <span className="iq-muted">{of}</span>
            <span className="iq-board-count iq-muted">{countText(group)}</span>
          </h2>
          {group.rows.length === 0 ? (
            <p className="iq-muted iq-board-none">{emptyText(group, isComplete, isFiltered)}</p>
          ) : (
            <ol>
              {group.rows.map((row) => (
                <BoardLine
                  key={row.id}
                  row={row}
                  onset={atOf(row)}
                  showsLayer={grouping !== "layer"}
                  isCurrent={row === current}
                  readOnly={readOnly}
                  onFocus={() => {
                    setChosen(row.id);
                  }}
                  onOpen={() => {
                    openRow(row);
                  }}
                  onTimeline={() => {
                    showOnTimeline(row, atOf(row));
                  }}
                  onPin={() => {
                    pin(row);
                  }}
                />
              ))}
            </ol>
          )}
        </section>
      ))}
    </div>
  );
}

function countText({ rows, same }: BoardGroup): string {
  const stayed = same === 0 ? "" : `${String(same)} stayed`;
  if (rows.length === 0) return stayed;
  return `${String(rows.length)} changed${stayed === "" ? "" : `, ${stayed}`}`;
}

/** Nothing differs, or nothing is known: that is not the same. */
function emptyText({ same }: BoardGroup, isComplete: boolean, isFiltered: boolean): string {
  if (isFiltered) return "Nothing with these words.";
  if (!isComplete) return "Nothing so far.";
  return same > 0
    ? `Nothing differs: ${count(same, "thing")} compared, all as in the baseline.`
    : "No evidence of this: what the case has says nothing about it.";
}

/** Where the rows behind a change are seen. */
function openRow({ target, at }: BoardRow): void {
  const { show, selectColumn, setCompareTab } = useView.getState();
  switch (target.to) {
    case "compare":
      selectColumn({ table: target.table, column: target.column });
      show("compare");
      break;
    case "lines":
      showLines([target.templateId]);
      break;
    case "stack":
    case "metric":
      setCompareTab(target.to === "stack" ? "logs" : "model");
      show("compare");
      break;
    case "time":
      showTime(at ?? target.at);
  }
}

function showOnTimeline({ target, name, source }: BoardRow, at: number | null): void {
  if (target.to === "compare") showColumnLane(target.table, target.column, at);
  else if (target.to === "lines" && source === "template") {
    showLane(templateLane(target.templateId, name, target.shapes), at);
  } else showTime(at);
}
