import { Checkbox, HTMLSelect, InputGroup } from "@blueprintjs/core";
import { useEffect, useRef } from "react";
import { Layer } from "../../../shared/model/role.ts";
import { LAYER_WORDS } from "../../widgets/tags.tsx";
import type { EntryEdit } from "./desk.ts";
import type { EntryRow } from "./entry-values.ts";

interface EntryTableProps {
  readonly rows: readonly EntryRow[];
  readonly zone: string;
  readonly selected: string | null;
  readonly readOnly: boolean;
  readonly onSelect: (key: string) => void;
  readonly onEdit: (key: string, edit: EntryEdit) => void;
}

/** What was read, one event a row; every field can be changed. */
export function EntryTable({ rows, zone, selected, ...rest }: EntryTableProps) {
  return (
    <table className="iq-table iq-pm-entries" aria-label="Events read from the text">
      <thead>
        <tr>
          <th>
            <span className="iq-visually-hidden">Taken</span>
          </th>
          <th>Time ({zone})</th>
          <th>What happened</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <EntryFields key={row.key} row={row} isSelected={row.key === selected} {...rest} />
        ))}
      </tbody>
    </table>
  );
}

interface EntryFieldsProps extends Pick<EntryTableProps, "readOnly" | "onSelect" | "onEdit"> {
  readonly row: EntryRow;
  readonly isSelected: boolean;
}

function EntryFields({ row, isSelected, readOnly, onSelect, onEdit }: EntryFieldsProps) {
  const { key, entry, chosen, isAdded, problem } = row;
  const place = useRef<HTMLTableRowElement | null>(null);
  useEffect(() => {
    if (isSelected) place.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  const disabled = readOnly || isAdded;
  const name = `line ${String(entry.line)}, ${entry.said}`;
  const edit = (some: EntryEdit) => {
    onEdit(key, some);
  };
  return (
    <tr
      ref={place}
      aria-current={isSelected ? "true" : undefined}
      data-chosen={chosen}
      onFocus={() => {
        onSelect(key);
      }}
    >
      <td>
        <Checkbox
          aria-label={`Take the event of ${name}`}
          checked={chosen}
          disabled={disabled}
          onChange={(event) => {
            edit({ chosen: event.currentTarget.checked });
          }}
        />
      </td>
      <td className="iq-pm-times">
        <InputGroup
          size="small"
          aria-label={`Time of ${name}`}
          value={row.atText}
          disabled={disabled}
          onValueChange={(at) => {
            edit({ at });
          }}
        />
        <InputGroup
          size="small"
          aria-label={`End of ${name}`}
          placeholder="until"
          value={row.toText}
          disabled={disabled}
          onValueChange={(to) => {
            edit({ to });
          }}
        />
      </td>
      <td>
        <div className="iq-pm-fields">
          <InputGroup
            size="small"
            className="iq-pm-what"
            aria-label={`What happened, ${name}`}
            value={row.text}
            disabled={disabled}
            onValueChange={(text) => {
              edit({ text });
            }}
          />
          <InputGroup
            size="small"
            className="iq-pm-kind"
            aria-label={`Kind, ${name}`}
            value={row.kind}
            disabled={disabled}
            onValueChange={(kind) => {
              edit({ kind });
            }}
          />
          <HTMLSelect
            aria-label={`Layer, ${name}`}
            value={row.layer}
            disabled={disabled}
            options={Layer.options.map((value) => ({ value, label: LAYER_WORDS[value] }))}
            onChange={(event) => {
              edit({ layer: Layer.parse(event.currentTarget.value) });
            }}
          />
        </div>
        <p className="iq-pm-why iq-muted">
          {isAdded && <strong>On the timeline. </strong>}
          Line {entry.line}: “{entry.said}”
          {entry.assumed.map(({ what, why }) => `; ${what}: ${why}`).join("")}
        </p>
        {problem !== null && chosen && !isAdded && (
          <p role="alert" className="iq-time-problem">
            {problem}
          </p>
        )}
      </td>
    </tr>
  );
}
