import { Button, Spinner } from "@blueprintjs/core";
import { ImportIcon } from "@blueprintjs/icons";
import { useMemo, useRef, useState } from "react";
import {
  between,
  mean,
  median,
  overdueActions,
  recurringPatterns,
  type Pattern,
} from "../../../shared/library/patterns.ts";
import { similarCases } from "../../../shared/library/similar-cases.ts";
import { forgetCase, importPastCases, useLibrary, useOpenDigest } from "../../data/library.ts";
import { count } from "../../widgets/format.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { CaseTable, lengthText } from "./case-table.tsx";
import { SimilarList } from "./similar-list.tsx";
import "./library.css";

/** All cases of this machine: what they were caused by, how long they took, what recurs, what is overdue. */
export default function LibraryView() {
  const library = useLibrary();
  const open = useOpenDigest();
  const [chosen, setChosen] = useState<Pattern | null>(null);
  const cases = useMemo(() => library?.cases ?? [], [library]);
  const patterns = useMemo(() => recurringPatterns(cases), [cases]);
  const overdue = useMemo(
    () => overdueActions(cases, new Date().toISOString().slice(0, 10)),
    [cases],
  );
  const alike = useMemo(() => (open === null ? [] : similarCases(open, cases)), [open, cases]);
  if (library === undefined) return <Spinner size={24} />;
  if (cases.length === 0) {
    return (
      <EmptyState title="No case yet" action={<ImportButton />}>
        Every case that is opened on this machine stands here with what caused it. Past incidents
        can be imported from a table (CSV: title, started, detected, resolved, layer, root cause,
        contributing factors) or from post-mortems in Markdown. Nothing leaves this machine.
      </EmptyState>
    );
  }
  const shown = chosen === null ? cases : cases.filter((c) => chosen.caseIds.includes(c.id));
  const detect = cases.map((c) => between(c.started, c.detected));
  const resolve = cases.map((c) => between(c.started, c.resolved));
  return (
    <div className="iq-page iq-library">
      <div className="iq-page-head">
        <h1>Library: {count(cases.length, "case")}</h1>
        <ImportButton />
      </div>
      <p className="iq-muted">
        MTTD {lengthText(mean(detect))}, median {lengthText(median(detect))}; MTTR{" "}
        {lengthText(mean(resolve))}, median {lengthText(median(resolve))}. Made from the journals on
        this machine; nothing is sent anywhere.
      </p>
      <section>
        <h2>What recurs</h2>
        {patterns.length === 0 ? (
          <p className="iq-muted">
            Nothing is shared by two cases yet. Factors (under Reasoning) are what patterns are made
            of.
          </p>
        ) : (
          <div className="iq-patterns" role="group" aria-label="Recurring patterns">
            {patterns.slice(0, 12).map((pattern) => (
              <Button
                key={`${pattern.kind}/${pattern.label}`}
                size="small"
                active={chosen === pattern}
                aria-pressed={chosen === pattern}
                text={`${pattern.caseIds.length} of ${pattern.of}: ${pattern.label}`}
                onClick={() => {
                  setChosen(chosen === pattern ? null : pattern);
                }}
              />
            ))}
          </div>
        )}
      </section>
      {open !== null && (
        <section>
          <h2>Like the open case</h2>
          <SimilarList open={open} similar={alike} cases={cases} />
        </section>
      )}
      {overdue.length > 0 && (
        <section>
          <h2>Actions overdue</h2>
          <table className="iq-table" aria-label="Actions overdue">
            <thead>
              <tr>
                <th>Action</th>
                <th>Case</th>
                <th>Owner</th>
                <th>Due</th>
                <th className="iq-num">Days late</th>
              </tr>
            </thead>
            <tbody>
              {overdue.map((a) => (
                <tr key={`${a.caseId}/${a.title}/${a.due}`}>
                  <td>{a.title}</td>
                  <td>{a.caseName}</td>
                  <td>{a.owner === "" ? "nobody" : a.owner}</td>
                  <td className="iq-nowrap">{a.due}</td>
                  <td className="iq-num">{a.days}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section>
        <h2>{chosen === null ? "All cases" : `Cases with ${chosen.label}`}</h2>
        <CaseTable
          cases={shown}
          openId={open?.id ?? null}
          onForget={(digest) => void forgetCase(digest)}
        />
        {library.unreadable.map((c) => (
          <p key={c.path} className="iq-muted">
            {c.name} ({c.path}) cannot be read: {c.message}
          </p>
        ))}
      </section>
    </div>
  );
}

function ImportButton() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size="small"
        icon={<ImportIcon />}
        text="Import past cases…"
        onClick={() => {
          input.current?.click();
        }}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".csv,.md,.markdown,.txt"
        aria-label="Files of past cases"
        onChange={(e) => {
          const files = Array.from(e.currentTarget.files ?? []);
          e.currentTarget.value = "";
          void importPastCases(files);
        }}
      />
    </>
  );
}
