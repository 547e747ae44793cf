import { Button } from "@blueprintjs/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { FISHBONE_PRESETS, takesSubCause } from "../../../../shared/reasoning/fishbone-edit.ts";
import { layoutFishbone, PROBLEM_ID } from "../../../../shared/reasoning/fishbone-layout.ts";
import type { FishboneText } from "../../../../shared/reasoning/fishbone-text.ts";
import { removeItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { useItems, useReadOnly } from "../use-items.ts";
import {
  addCategory,
  addCause,
  applyPreset,
  beginOwnCategories,
  citeFindings,
  exportFishbone,
  moveToBone,
} from "./fishbone-actions.ts";
import { FishbonePicture, type FishboneWords } from "./fishbone-picture.tsx";
import { FishboneStrip } from "./fishbone-strip.tsx";
import { FishboneToolbar } from "./fishbone-toolbar.tsx";
import "./fishbone.css";

/** Cause and effect diagram that is written on the picture itself. */
export function FishbonePanel() {
  const categories = useItems("categories");
  const causes = useItems("causes");
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const problem = useCase((s) => s.state?.texts.problem ?? "");
  const readOnly = useReadOnly();
  const [current, setCurrent] = useState(PROBLEM_ID);
  const [editing, setEditing] = useState<string | null>(null);
  const [fits, setFits] = useState(true);
  const page = useRef<HTMLDivElement>(null);
  const moveMenu = useRef<HTMLSelectElement>(null);
  /** Text that gets the focus once it is drawn. */
  const awaited = useRef<string | null>(null);
  const layout = useMemo(
    () =>
      layoutFishbone({
        problem: problem.trim() === "" ? UNWRITTEN : problem,
        categories,
        causes,
        findings,
      }),
    [problem, categories, causes, findings],
  );
  useEffect(() => {
    if (awaited.current === null) return;
    const drawn = page.current?.querySelector<HTMLElement>(`[data-text="${awaited.current}"]`);
    if (drawn === null || drawn === undefined) return;
    awaited.current = null;
    drawn.focus();
  });

  const chosen = layout.texts.some((t) => t.id === current) ? current : PROBLEM_ID;
  const causeOf = (id: string) => causes.find((c) => c.id === id);
  const chosenCause = causeOf(chosen);
  const startWriting = (id: string) => {
    setCurrent(id);
    setEditing(id);
  };
  const addTo = (id: string) => {
    const cause = causeOf(id);
    if (cause !== undefined && takesSubCause(causes, cause)) {
      void addCause(cause.categoryId, cause.id).then(startWriting);
    } else if (categories.some((c) => c.id === id)) void addCause(id, null).then(startWriting);
  };
  const addBeside = (id: string) => {
    const cause = causeOf(id);
    if (cause !== undefined) void addCause(cause.categoryId, cause.parentId).then(startWriting);
    else if (categories.some((c) => c.id === id)) void addCategory().then(startWriting);
  };
  const remove = (id: string) => {
    const cause = causeOf(id);
    const next = cause === undefined ? PROBLEM_ID : (cause.parentId ?? cause.categoryId);
    setCurrent(next);
    awaited.current = next;
    void removeItem(cause === undefined ? "categories" : "causes", id);
  };
  const move = (causeId: string, categoryId: string) => {
    setCurrent(causeId);
    awaited.current = causeId;
    void moveToBone(causeId, categoryId);
  };
  const wordsOf = (text: FishboneText): FishboneWords => {
    if (text.kind === "problem") {
      return { value: problem, label: `Problem: ${problem || "not written yet"}`, adds: null };
    }
    if (text.kind === "category") {
      const name = categories.find((c) => c.id === text.id)?.name ?? "";
      return {
        value: name,
        label: `Category: ${name || "no name yet"}`,
        adds: `Add a cause to ${name || "this bone"}`,
      };
    }
    const cause = causeOf(text.id);
    const said = cause?.text ?? "";
    const marks = text.marks === null ? "" : `, cites ${text.marks.text}`;
    const takes = cause !== undefined && takesSubCause(causes, cause);
    return {
      value: said,
      label: `${text.level === 0 ? "Cause" : "Sub-cause"}: ${said || "no text yet"}${marks}`,
      adds: takes ? `Add a sub-cause to ${said || "this cause"}` : null,
    };
  };

  return (
    <div ref={page} className="iq-reasoning-page iq-fish">
      <div className="iq-reasoning-head">
        <p className="iq-muted iq-fish-about">
          Collects possible causes by area before any of them is judged: the problem at the head, an
          area on each bone. What a finding supports, cites it.
        </p>
        {categories.length > 0 && (
          <FishboneToolbar
            readOnly={readOnly}
            fits={fits}
            onPreset={(names) => void applyPreset(names)}
            onOwn={() => void beginOwnCategories().then(startWriting)}
            onAddCategory={() => void addCategory().then(startWriting)}
            onFits={setFits}
            onExport={(format) => void exportFishbone(layout, format)}
          />
        )}
      </div>
      {categories.length === 0 ? (
        <EmptyState
          nested
          title="No bones yet"
          action={
            <div className="iq-fish-begin">
              {FISHBONE_PRESETS.map(({ id, name, categories: names }) => (
                <Button
                  key={id}
                  text={name}
                  disabled={readOnly}
                  onClick={() => {
                    awaited.current = PROBLEM_ID;
                    void applyPreset(names);
                  }}
                />
              ))}
              <Button
                text="Own"
                disabled={readOnly}
                onClick={() => void beginOwnCategories().then(startWriting)}
              />
            </div>
          }
        >
          Choose the categories to begin with; each becomes a bone, and can be renamed, removed and
          filled on the picture.
        </EmptyState>
      ) : (
        <>
          <FishbonePicture
            layout={layout}
            fits={fits}
            readOnly={readOnly}
            current={chosen}
            editing={editing}
            wordsOf={wordsOf}
            onCurrent={setCurrent}
            onEdit={setEditing}
            onAdd={addTo}
            onAddBeside={addBeside}
            onRemove={remove}
            onMove={move}
            onMoveMenu={() => moveMenu.current?.focus()}
          />
          <div className="iq-fish-strip" role="region" aria-label="Chosen cause">
            {chosenCause === undefined ? (
              <span className="iq-muted">
                Choose a cause to cite findings for it or to move it.
              </span>
            ) : (
              <FishboneStrip
                cause={chosenCause}
                categories={categories}
                takesMore={takesSubCause(causes, chosenCause)}
                readOnly={readOnly}
                moveMenu={moveMenu}
                onAdd={() => {
                  addTo(chosen);
                }}
                onMove={(categoryId) => {
                  move(chosen, categoryId);
                }}
                onCite={(findingIds) => void citeFindings(chosenCause.id, findingIds)}
                onRemove={() => {
                  remove(chosen);
                }}
              />
            )}
          </div>
          <p className="iq-muted iq-fish-keys">
            Click or Enter writes · + adds below · Ctrl+Enter adds beside · Delete removes · M moves
            to another bone, as dragging does · arrow keys go from text to text
          </p>
        </>
      )}
    </div>
  );
}

const NONE: never[] = [];
const UNWRITTEN = "Problem not written yet";
