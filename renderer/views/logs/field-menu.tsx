import { Button, ButtonGroup, InputGroup, PopoverNext } from "@blueprintjs/core";
import { CaretDownIcon } from "@blueprintjs/icons";
import { useState } from "react";
import { integer } from "../../widgets/format.ts";

/** A value that lines can have, and how many do. */
export interface MenuValue {
  readonly key: string | null;
  readonly text: string;
  readonly lines: number;
}

interface FieldMenuProps {
  readonly label: string;
  /** Null while they are being read. */
  readonly values: readonly MenuValue[] | null;
  readonly chosen: readonly (string | null)[];
  readonly excluded: boolean;
  /** There are more values than are listed. */
  readonly isCut?: boolean;
  readonly isMono?: boolean;
  readonly onChange: (chosen: readonly (string | null)[], excluded: boolean) => void;
  readonly onOpen?: () => void;
}

const MOST_SHOWN = 200;

/** A button with the values of a field: keep only those that are ticked, or leave them out. */
export function FieldMenu(props: FieldMenuProps) {
  const { label, chosen, excluded, onOpen } = props;
  const sign = chosen.length === 0 ? "" : excluded ? ` ≠ ${chosen.length}` : ` = ${chosen.length}`;
  return (
    <PopoverNext
      arrow={false}
      animation="minimal"
      placement="bottom-start"
      onOpening={() => onOpen?.()}
      content={<Values {...props} />}
    >
      <Button
        size="small"
        endIcon={<CaretDownIcon />}
        active={chosen.length > 0}
        text={`${label}${sign}`}
      />
    </PopoverNext>
  );
}

function Values({ label, values, chosen, excluded, isCut, isMono, onChange }: FieldMenuProps) {
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const fitting = (values ?? []).filter((v) => v.text.toLowerCase().includes(wanted));
  const shown = fitting.slice(0, MOST_SHOWN);
  return (
    <div className="iq-log-menu" role="group" aria-label={`${label} of the lines`}>
      <div className="iq-log-menu-head">
        <ButtonGroup>
          <Button
            size="small"
            text="Only"
            active={!excluded}
            aria-pressed={!excluded}
            onClick={() => {
              onChange(chosen, false);
            }}
          />
          <Button
            size="small"
            text="Without"
            active={excluded}
            aria-pressed={excluded}
            onClick={() => {
              onChange(chosen, true);
            }}
          />
        </ButtonGroup>
        <Button
          size="small"
          variant="minimal"
          text="Clear"
          disabled={chosen.length === 0}
          onClick={() => {
            onChange([], excluded);
          }}
        />
      </div>
      {(values?.length ?? 0) > 8 && (
        <InputGroup
          size="small"
          aria-label={`Find a ${label.toLowerCase()}`}
          placeholder="Find"
          value={words}
          onValueChange={setWords}
        />
      )}
      {values === null && <p className="iq-muted">Reading…</p>}
      <ul>
        {shown.map(({ key, text, lines }) => (
          <li key={key ?? ""}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(key)}
                onChange={() => {
                  const rest = chosen.filter((c) => c !== key);
                  onChange(rest.length < chosen.length ? rest : [...chosen, key], excluded);
                }}
              />
              <span
                className={`iq-clip ${isMono === true ? "iq-mono" : ""} ${key === null ? "iq-muted" : ""}`}
                title={text}
              >
                {text}
              </span>
              <span className="iq-num iq-muted">{integer(lines)}</span>
            </label>
          </li>
        ))}
      </ul>
      {fitting.length > shown.length && (
        <p className="iq-muted">
          {integer(fitting.length - shown.length)} more: type to find them.
        </p>
      )}
      {isCut === true && <p className="iq-muted">Only the most frequent values are listed.</p>}
    </div>
  );
}
