import { Button } from "@blueprintjs/core";
import { ArrowDownIcon, ArrowUpIcon, PlusIcon, TrashIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import { DARK, LIGHT } from "../../../shared/model/palette.ts";
import type { Finding } from "../../../shared/model/finding.ts";
import { DraftText } from "../../data/draft-text.tsx";
import { ReportText } from "../../data/report-text.tsx";
import { addNote } from "../../data/pin.ts";
import { bandsOf } from "../../state/bands.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { DistributionChart } from "../../widgets/chart/distribution-chart.tsx";
import { SeriesChart } from "../../widgets/chart/series-chart.tsx";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { Sentence } from "../../widgets/sentence.tsx";
import "./findings.css";

/** What goes on record: each statement with its source, to be worded and ordered. */
export default function FindingsView() {
  const findings = useCase((s) => s.state?.findings);
  const readOnly = useCase((s) => s.locked);
  const show = useView((s) => s.show);
  if (findings === undefined) return null;
  if (findings.length === 0) {
    return (
      <EmptyState
        title="No finding yet"
        action={
          <div style={{ display: "flex", gap: 8 }}>
            <Button
              intent="primary"
              text="Go to Compare"
              onClick={() => {
                show("compare");
              }}
            />
            <Button text="Write a note" disabled={readOnly} onClick={() => void addNote()} />
          </div>
        }
      >
        Pin what you want to stand in the report: a shift in Compare, a chart in Timeline, a
        suspect, rows of a file, or a note of your own. Each keeps its query, the digest of its
        result and the files under it.
      </EmptyState>
    );
  }
  return (
    <div className="iq-page iq-findings">
      <div className="iq-page-head">
        <h1>{count(findings.length, "finding")}</h1>
        <Button
          size="small"
          icon={<PlusIcon />}
          text="Write a note"
          disabled={readOnly}
          onClick={() => void addNote()}
        />
      </div>
      {findings.map((finding, index) => (
        <FindingCard
          key={finding.id}
          finding={finding}
          index={index}
          last={findings.length - 1}
          readOnly={readOnly}
        />
      ))}
    </div>
  );
}

interface FindingCardProps {
  readonly finding: Finding;
  readonly index: number;
  readonly last: number;
  readonly readOnly: boolean;
}

function FindingCard({ finding, index, last, readOnly }: FindingCardProps) {
  const append = useCase((s) => s.append);
  const theme = useView((s) => s.theme);
  const palette = theme === "dark" ? DARK : LIGHT;
  const zone = useView((s) => s.timezone);
  const windows = useCase((s) => s.state?.windows);
  const bands = useMemo(() => bandsOf(windows), [windows]);
  const move = (to: number) => void append({ type: "finding/moved", data: { id: finding.id, to } });
  return (
    <article
      className="iq-card iq-finding"
      data-finding={finding.id}
      aria-label={`Finding ${index + 1}: ${finding.title}`}
    >
      <div className="iq-finding-head">
        <span className="iq-finding-number">{index + 1}</span>
        <DraftText
          draftKey={`finding/${finding.id}/title`}
          label="Title of the finding"
          value={finding.title}
          multiline={false}
          readOnly={readOnly}
        />
        <Button
          variant="minimal"
          size="small"
          icon={<ArrowUpIcon />}
          aria-label="Move up"
          disabled={readOnly || index === 0}
          onClick={() => {
            move(index - 1);
          }}
        />
        <Button
          variant="minimal"
          size="small"
          icon={<ArrowDownIcon />}
          aria-label="Move down"
          disabled={readOnly || index === last}
          onClick={() => {
            move(index + 1);
          }}
        />
        <Button
          variant="minimal"
          size="small"
          icon={<TrashIcon />}
          aria-label="Remove finding"
          disabled={readOnly}
          onClick={() => void append({ type: "finding/removed", data: { id: finding.id } })}
        />
      </div>
      {finding.statement !== "" && (
        <p className="iq-finding-statement">
          <Sentence text={finding.statement} />
        </p>
      )}
      <ReportText
        draftKey={`finding/${finding.id}/note`}
        label="Note"
        value={finding.note}
        placeholder="What does it mean? Write for the reader of the report."
        multiline
        readOnly={readOnly}
      />
      {finding.chart?.kind === "distribution" && (
        <DistributionChart
          title={finding.chart.title}
          {...(finding.chart.unit === undefined ? {} : { unit: finding.chart.unit })}
          distribution={finding.chart.distribution}
          palette={palette}
        />
      )}
      {finding.chart?.kind === "series" && (
        <SeriesChart
          title={finding.chart.title}
          label={finding.chart.title}
          {...(finding.chart.unit === undefined ? {} : { unit: finding.chart.unit })}
          times={finding.chart.times}
          bucket={(finding.chart.times[1] ?? 0) - (finding.chart.times[0] ?? 0)}
          values={finding.chart.values}
          low={finding.chart.min}
          high={finding.chart.max}
          bands={bands}
          zone={zone}
          palette={palette}
        />
      )}
      {finding.rows.length > 0 && (
        <table className="iq-table" aria-label="Rows">
          <thead>
            <tr>
              <th>File</th>
              <th className="iq-num">Line</th>
              <th>Text</th>
            </tr>
          </thead>
          <tbody>
            {finding.rows.map((row) => (
              <tr key={`${row.evidenceId}/${row.line}`}>
                <td>{row.evidenceId}</td>
                <td className="iq-num">{row.line}</td>
                <td className="iq-mono">{row.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Source finding={finding} />
    </article>
  );
}

/** Where the claim comes from: evidence, query, digest. */
function Source({ finding }: { finding: Finding }) {
  const [open, setOpen] = useState(false);
  const evidence = useCase((s) => s.state?.evidence ?? NONE);
  const { provenance } = finding;
  if (provenance === null && finding.evidenceIds.length === 0) {
    return (
      <p className="iq-muted">
        A note: it stands on its author&rsquo;s word, and the report says so.
      </p>
    );
  }
  return (
    <div>
      <Button
        size="small"
        variant="minimal"
        aria-expanded={open}
        text={`Source: ${finding.evidenceIds.length > 4 ? count(finding.evidenceIds.length, "file") : finding.evidenceIds.join(", ")}${provenance === null ? "" : ` · digest ${provenance.resultDigest.slice(0, 12)}`}`}
        onClick={() => {
          setOpen(!open);
        }}
      />
      {open && (
        <dl className="iq-facts iq-finding-source">
          {finding.evidenceIds.map((id) => {
            const file = evidence.find((e) => e.id === id);
            return [
              <dt key={`${id}-t`}>{id}</dt>,
              <dd key={`${id}-d`} className="iq-mono">
                {file === undefined
                  ? "no longer in the case"
                  : `${file.name} · SHA-256 ${file.sha256}`}
              </dd>,
            ];
          })}
          {provenance !== null && (
            <>
              <dt>Result</dt>
              <dd className="iq-mono">
                {count(provenance.resultRows, "row")}, SHA-256 {provenance.resultDigest}
              </dd>
              <dt>Query</dt>
              <dd>
                <pre
                  className="iq-mono iq-finding-sql"
                  tabIndex={0}
                  aria-label="SQL of the finding"
                >
                  {provenance.sql}
                </pre>
              </dd>
            </>
          )}
        </dl>
      )}
    </div>
  );
}

const NONE: never[] = [];
