import { Button, Menu, MenuItem, PopoverNext } from "@blueprintjs/core";
import { ArrowDownIcon, ArrowUpIcon, TrashIcon } from "@blueprintjs/icons";
import type { KeyboardEvent } from "react";
import type { FailureMode, PriorityTable } from "../../../../shared/model/reasoning.ts";
import { FMEA_SCALES } from "../../../../shared/reasoning/fmea-scales.ts";
import { actionPriority, riskPriorityNumber } from "../../../../shared/reasoning/fmea.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { CiteFindings } from "../cite-findings.tsx";
import { ActionPicker } from "./action-picker.tsx";
import { changeFailureMode } from "./fmea-actions.ts";
import { nameOfRow, TEXT_COLUMNS } from "./fmea-columns.ts";
import { PriorityTag } from "./priority-tag.tsx";
import { ScoreField } from "./score-field.tsx";

interface FmeaRowProps {
  readonly mode: FailureMode;
  readonly index: number;
  readonly count: number;
  readonly table: PriorityTable;
  readonly readOnly: boolean;
  readonly onRemove: () => void;
  /** By so many places. */
  readonly onMove: (by: -1 | 1) => void;
}

/** One failure mode: what fails and how, its scores today, actions, its scores after them. */
export function FmeaRow(props: FmeaRowProps) {
  const { mode, index, table, readOnly } = props;
  const name = nameOfRow(mode, index);
  return (
    <tr data-row={mode.id}>
      <RowHead {...props} />
      {TEXT_COLUMNS.map(({ field, name: column }) => (
        <td key={field} data-col={field} className={`iq-fmea-${field}`}>
          <AdvisedText
            draftKey={`item/failureModes/${mode.id}/${field}`}
            label={`${column}, row ${String(index + 1)}`}
            value={mode[field]}
            multiline
            readOnly={readOnly}
          />
        </td>
      ))}
      <ScoreCells mode={mode} when="before" name={name} table={table} readOnly={readOnly} />
      <td data-col="actions" className="iq-fmea-edge">
        <ActionPicker
          chosen={mode.actionIds}
          subject={name}
          readOnly={readOnly}
          onChange={(actionIds) => void changeFailureMode(mode.id, (m) => ({ ...m, actionIds }))}
        />
      </td>
      <ScoreCells mode={mode} when="after" name={name} table={table} readOnly={readOnly} />
      <td data-col="findings" className="iq-fmea-edge">
        <CiteFindings
          cited={mode.findingIds}
          readOnly={readOnly}
          subject={name}
          onChange={(findingIds) => void changeFailureMode(mode.id, (m) => ({ ...m, findingIds }))}
        />
      </td>
    </tr>
  );
}

function RowHead({ mode, index, count, readOnly, onRemove, onMove }: FmeaRowProps) {
  const onKeyDown = (e: KeyboardEvent) => {
    const by = e.altKey ? { ArrowUp: -1 as const, ArrowDown: 1 as const }[e.key] : undefined;
    if (readOnly || (by === undefined && e.key !== "Delete")) return;
    e.preventDefault();
    e.stopPropagation();
    if (by === undefined) onRemove();
    else onMove(by);
  };
  return (
    <th scope="row" data-col="row">
      <PopoverNext
        placement="bottom-start"
        content={
          <Menu aria-label={`Row ${String(index + 1)}`}>
            <MenuItem
              icon={<ArrowUpIcon />}
              text="Move up"
              label="Alt+↑"
              disabled={index === 0}
              onClick={() => {
                onMove(-1);
              }}
            />
            <MenuItem
              icon={<ArrowDownIcon />}
              text="Move down"
              label="Alt+↓"
              disabled={index === count - 1}
              onClick={() => {
                onMove(1);
              }}
            />
            <MenuItem icon={<TrashIcon />} text="Remove" label="Delete" onClick={onRemove} />
          </Menu>
        }
      >
        <Button
          size="small"
          variant="minimal"
          text={String(index + 1)}
          aria-label={`Move or remove ${nameOfRow(mode, index)}`}
          title="Delete removes, Alt+↑ and Alt+↓ move the row"
          disabled={readOnly}
          onKeyDown={onKeyDown}
        />
      </PopoverNext>
    </th>
  );
}

interface ScoreCellsProps {
  readonly mode: FailureMode;
  readonly when: "before" | "after";
  readonly name: string;
  readonly table: PriorityTable;
  readonly readOnly: boolean;
}

function ScoreCells({ mode, when, name, table, readOnly }: ScoreCellsProps) {
  const scores = mode[when];
  const number = riskPriorityNumber(scores);
  const edge = when === "before" ? "iq-fmea-edge" : undefined;
  return (
    <>
      {FMEA_SCALES.map((scale, i) => (
        <td key={scale.id} data-col={`${when}-${scale.id}`} className={i === 0 ? edge : undefined}>
          <ScoreField
            scale={scale}
            subject={`${when === "before" ? "today" : "after actions"}, ${name}`}
            value={scores[scale.id]}
            readOnly={readOnly}
            onChange={(value) =>
              void changeFailureMode(mode.id, (m) => ({
                ...m,
                [when]: { ...m[when], [scale.id]: value },
              }))
            }
          />
        </td>
      ))}
      <td className="iq-num">{number ?? <span className="iq-muted">–</span>}</td>
      <td className="iq-nowrap">
        <PriorityTag priority={actionPriority(scores, table)} />
      </td>
    </>
  );
}
