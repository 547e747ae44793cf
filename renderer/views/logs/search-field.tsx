import { Button, InputGroup } from "@blueprintjs/core";
import { ArrowDownIcon, ArrowUpIcon, SearchIcon } from "@blueprintjs/icons";
import type { RefObject } from "react";
import { useLogs } from "../../state/log-state.ts";

interface SearchFieldProps {
  readonly field: RefObject<HTMLInputElement | null>;
  /** Why the pattern cannot be searched. */
  readonly problem: string | null;
  readonly onNext: (direction: 1 | -1) => void;
  readonly onLeave: () => void;
}

/** What is searched, and how; Enter goes to the next hit, Escape back to the lines. */
export function SearchField({ field, problem, onNext, onLeave }: SearchFieldProps) {
  const search = useLogs((s) => s.search);
  const onlyHits = useLogs((s) => s.onlyHits);
  const change = useLogs((s) => s.change);
  const isPattern = search.syntax === "regex";
  return (
    <div className="iq-log-search">
      <InputGroup
        size="small"
        inputRef={field}
        leftElement={<SearchIcon className="iq-search-icon" />}
        placeholder={
          isPattern ? "Pattern (RE2) in messages and fields" : "Text in messages and fields"
        }
        aria-label="Search the lines"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : "iq-log-problem"}
        intent={problem === null ? "none" : "danger"}
        spellCheck={false}
        value={search.text}
        onValueChange={(text) => {
          change({ search: { ...search, text } });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") onNext(event.shiftKey ? -1 : 1);
          else if (event.key === "Escape") onLeave();
        }}
        rightElement={
          <span>
            <Button
              size="small"
              variant="minimal"
              text="Aa"
              title="Upper and lower case must match"
              aria-label="Match case"
              aria-pressed={search.caseSensitive}
              active={search.caseSensitive}
              onClick={() => {
                change({ search: { ...search, caseSensitive: !search.caseSensitive } });
              }}
            />
            <Button
              size="small"
              variant="minimal"
              text=".*"
              title="The text is a regular expression (RE2)"
              aria-label="Regular expression"
              aria-pressed={isPattern}
              active={isPattern}
              onClick={() => {
                change({ search: { ...search, syntax: isPattern ? "plain" : "regex" } });
              }}
            />
          </span>
        }
      />
      <Button
        size="small"
        variant="minimal"
        icon={<ArrowUpIcon />}
        aria-label="Previous hit"
        title="Previous hit (N)"
        disabled={search.text === ""}
        onClick={() => {
          onNext(-1);
        }}
      />
      <Button
        size="small"
        variant="minimal"
        icon={<ArrowDownIcon />}
        aria-label="Next hit"
        title="Next hit (n)"
        disabled={search.text === ""}
        onClick={() => {
          onNext(1);
        }}
      />
      <Button
        size="small"
        text="Only hits"
        title="Leave out lines without a hit (f)"
        active={onlyHits}
        aria-pressed={onlyHits}
        disabled={search.text === "" && !onlyHits}
        onClick={() => {
          change({ onlyHits: !onlyHits });
        }}
      />
      {problem !== null && (
        <span id="iq-log-problem" role="alert" className="iq-log-trouble">
          This is not a pattern: {problem}
        </span>
      )}
    </div>
  );
}
