import { InputGroup } from "@blueprintjs/core";
import { useState } from "react";
import { ruleKey, type Rule, type RuleBound } from "../../../../shared/model/rules.ts";

type BoundName = "min_value" | "max_value" | "mostly";

const BOUND_WORDS: Readonly<Record<BoundName, string>> = {
  min_value: "at least",
  max_value: "at most",
  mostly: "share of rows",
};

interface Props {
  readonly rule: Rule;
  readonly onChange: (rule: Rule) => void;
}

/** The numbers of a rule, to be typed over; a text that is no such number is not taken. */
export function RuleBounds({ rule, onChange }: Props) {
  if (rule.maxAge !== undefined) return null;
  const names = (["min_value", "max_value", "mostly"] as const).filter(
    (name) => rule.kwargs[name] !== undefined && rule.kwargs[name] !== null,
  );
  return (
    <span className="iq-rules-bounds">
      {names.map((name) => (
        <Bound
          key={`${name}/${String(rule.kwargs[name])}`}
          rule={rule}
          name={name}
          value={rule.kwargs[name] ?? 0}
          onChange={onChange}
        />
      ))}
    </span>
  );
}

function Bound({
  rule,
  name,
  value,
  onChange,
}: Props & { readonly name: BoundName; readonly value: RuleBound }) {
  const [draft, setDraft] = useState(String(value));
  const read = typeof value === "string" ? draft : Number(draft);
  const isValid =
    draft.trim() !== "" &&
    (typeof read === "string" || Number.isFinite(read)) &&
    (name !== "mostly" || (Number(read) >= 0 && Number(read) <= 1));
  return (
    <label>
      <span className="iq-muted">{BOUND_WORDS[name]}</span>
      <InputGroup
        size="small"
        value={draft}
        intent={isValid ? "none" : "danger"}
        aria-label={`${BOUND_WORDS[name]}, ${ruleKey(rule)}`}
        aria-invalid={!isValid}
        onChange={(e) => {
          setDraft(e.currentTarget.value);
        }}
        onKeyDown={(e) => {
          if (e.key === "Enter") e.currentTarget.blur();
        }}
        onBlur={() => {
          if (!isValid) setDraft(String(value));
          else if (read !== value) onChange({ ...rule, kwargs: { ...rule.kwargs, [name]: read } });
        }}
      />
    </label>
  );
}
