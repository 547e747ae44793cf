import { HTMLSelect } from "@blueprintjs/core";
import "./table-choice.css";

interface TableChoiceProps {
  /** What the table is chosen for: "Rules of". */
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly onChoose: (name: string) => void;
}

/** One table among several; nothing where there is no choice. */
export function TableChoice({ label, names, value, onChoose }: TableChoiceProps) {
  if (names.length < 2) return null;
  return (
    <label className="iq-table-choice">
      <span className="iq-muted">{label}</span>
      <HTMLSelect
        value={value}
        options={[...names]}
        onChange={(e) => {
          onChoose(e.currentTarget.value);
        }}
      />
    </label>
  );
}
