import { keyName, LOG_KEYS } from "../../state/log-keys.ts";
import { readableShortcut, SHORTCUTS } from "../../state/shortcuts.ts";
import { useFormats } from "../../data/formats.ts";
import "./help.css";

/** How an investigation goes, what is read, what the words mean, which keys there are. */
export default function HelpView() {
  const formats = useFormats();
  return (
    <div className="iq-page iq-help">
      <h1>How an investigation goes</h1>
      <ol>
        <li>
          <strong>Evidence.</strong> Drop files, folders or archives on the window. Each file is
          previewed with the roles that Inquest detected; change what is wrong, then import.
          Originals are opened read-only and never altered. Records that cannot be read are kept
          with line number and reason under &ldquo;Rejected&rdquo;: rows in the file = rows in the
          table + rejected rows, always. Without data, <em>Read a post-mortem</em> (button of an
          empty case, or the command palette) takes times and events from a written report: check
          them, then put them on the timeline.
        </li>
        <li>
          <strong>Schema and templates.</strong> What each column is taken for, and why, stands in
          Schema; a click changes it, and comparison and suspects follow. Templates are the
          statements behind the log lines: rename them, mark several and merge them, or split off
          kinds of messages. A log that no layout reads gets a pattern: click on words of a sample
          line before the import and say what they are.
        </li>
        <li>
          <strong>Logs.</strong> All lines of all files in the order of time. Search text or a
          pattern, keep or leave out levels, services, hosts and templates, drag over the chart to
          keep a time. <kbd>m</kbd> puts the line on which you stand on record as a finding,{" "}
          <kbd>c</kbd> shows what stood around it, and the incident can be seen beside the same time
          a day or a week before.
        </li>
        <li>
          <strong>Windows.</strong> Mark the <em>baseline</em> (all was well) and the{" "}
          <em>incident</em> on the chart above Compare, type their times, or choose values of a
          column such as a model version. <em>Suggestions</em> offers the incident&apos;s own hours
          a day or a week before, so that a night is compared with a night; a segment chosen in
          Compare narrows both. Windows are half-open: the end does not belong to them.
        </li>
        <li>
          <strong>Changes.</strong> Everything that differs between the windows, from every source
          on one board: columns, series, log lines, stack traces, outcomes of models, events, notes.
          Strongest first: a third of the bar for each verdict, whatever the measure. What was not
          measured, events and notes, stands below by how near it is to the begin of the incident.
          Branches by layer, or by people, process, product and platform, say whether nothing
          differs or nothing is known. <kbd>Enter</kbd> shows the rows, <kbd>t</kbd> the timeline,{" "}
          <kbd>p</kbd> pins.
        </li>
        <li>
          <strong>Compare.</strong> Every column of every table in both windows. The verdict comes
          from the size of the effect with a stated threshold, never from a p-value alone: with a
          million rows everything is significant. What changes as much between windows inside the
          baseline, at the same hours, is no change (<em>Usual change</em> in a column&apos;s
          details). Where a model&apos;s answers are there, features whose shift goes with its
          change stand first. Beside distributions it looks for what an export or a pipeline does to
          data: changed units, defaults in place of values, renamed or re-encoded columns, cut
          texts, broken keys, gaps, late rows, shifted time zones, values that were known too late.{" "}
          <em>Segments</em> follows the change of a metric to the segments it lies in, by their
          shares and by their values. <em>Together</em> looks for what no column shows alone.{" "}
          <em>Rules</em> makes rules of what held in the baseline and checks them on the incident;
          they can be edited, saved, and exchanged with Great Expectations. <em>Model</em> shows the
          metrics with their intervals, what can be said without labels, and how much of a change
          the inputs alone explain; it needs the roles prediction, score or label (Schema).
        </li>
        <li>
          <strong>Timeline.</strong> Everything on one axis. Wheel or + and − zoom, drag or arrow
          keys pan, Home shows all. No spike is lost by zooming out: the band is the minimum and
          maximum of the raw points under each pixel. <em>Levels</em> marks where a lane leaves its
          level: the grey band is the time within which that lies. A lane can be laid over itself a
          day or a week before. <kbd>n</kbd> writes a note. <em>Clocks</em> holds the clocks of the
          files against each other, by identifiers that two of them have or by their rates, and says
          how far they are apart; they are put right only when you say so, as a step that can be
          undone, and the files stay as they are.
        </li>
        <li>
          <strong>Suspects.</strong> What moved, ranked, with checks for and against. The series of
          a service are one suspect; each is measured against what windows as long usually do inside
          the baseline. Where it is known which service calls which (from spans, or drawn or typed
          in under <em>Calls between services</em>), a service with the trouble of one that it calls
          ranks lower. Deployments are weighed by what moved soon after them at their service.{" "}
          <em>How firm is this order?</em> tells whether the same suspect stays first when the
          incident began earlier or later, and in other rankings. A suspect is not a cause; only you
          write that word.
        </li>
        <li>
          <strong>Findings.</strong> Pin what should stand in the report and say in a note what it
          means. Each finding shows its query, the digest of its result, and file, line and SHA-256
          of what is under it.
        </li>
        <li>
          <strong>Reasoning.</strong> Tools over the same findings, to be used in any order.{" "}
          <em>Hypotheses</em>: rate each finding against each explanation with <kbd>1</kbd> to{" "}
          <kbd>6</kbd> (very consistent, consistent, neutral, inconsistent, very inconsistent, not
          applicable), arrow keys move; the explanation with least against it leads. <em>5 whys</em>
          : <kbd>Alt</kbd> <kbd>Enter</kbd> asks why again, <kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd>{" "}
          move; each answer cites findings or is an assumption. <em>Fishbone</em>: written on the
          picture; <kbd>Enter</kbd> edits, <kbd>+</kbd> adds a cause. <em>4 P&apos;s</em>: what was
          looked at, and what was not. <em>Factors</em>: root cause and what contributed, with what
          was checked before one is called a cause. <em>FMEA</em>, <em>Impact</em> (each number from
          a query, typed in, or an estimate, with low, likely and high) and <em>Actions</em>, each
          with a check that shows on later data whether it worked. Wording that blames is pointed
          out; nothing is blocked.
        </li>
        <li>
          <strong>Report.</strong> Write its parts, order them, and tick for which readers they are:
          executive (one page), technical, audit. A number in a text is linked to a finding by a
          click; one that no finding holds is marked as typed. <em>Present</em> shows the same on
          the whole screen: arrow keys turn, <kbd>n</kbd> shows your notes. <em>Review</em> says
          what is missing; signed off, the report is final, and a next version supersedes it.{" "}
          <em>Export</em> writes HTML, PDF, Word, PowerPoint, Markdown and JSON, with redaction if
          you want: the same value has the same pseudonym in every export, and a file in which one
          is left is not written. A <em>bundle</em> holds all of it for somebody else, encrypted and
          signed if you want; <code>inquest verify</code> says what of a case or a bundle still
          holds.
        </li>
        <li>
          <strong>Guides and library.</strong> A guide is a path with the questions of the field
          beside your work; leave it at any time. The library holds all cases of this computer: what
          recurs, what is like the open case, which actions are overdue. Past cases can be imported
          from CSV or Markdown.
        </li>
      </ol>

      <h2>Nothing is lost, nothing leaves</h2>
      <p>
        What you do is written to <code>journal.jsonl</code> in the case folder before the window
        shows it, each line chained to the one before by its hash. The database is a cache: it is
        rebuilt from the journal and the originals when it is missing. Inquest opens no network
        connection; requests are refused in the program itself.
      </p>

      <h2>Keys</h2>
      <table className="iq-table iq-help-keys">
        <tbody>
          {SHORTCUTS.map((s) => (
            <tr key={s.keys}>
              <td>
                <kbd>{readableShortcut(s.keys)}</kbd>
              </td>
              <td>{s.title}</td>
            </tr>
          ))}
        </tbody>
      </table>

      <h2>Keys in Logs</h2>
      <table className="iq-table iq-help-keys">
        <tbody>
          {LOG_KEYS.map(({ id, keys, title }) => (
            <tr key={id}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{keyName(key)}</kbd>
                ))}
              </td>
              <td>{title}</td>
            </tr>
          ))}
        </tbody>
      </table>

      <h2>Formats</h2>
      <table className="iq-table">
        <tbody>
          {formats.map((f) => (
            <tr key={f.id}>
              <td className="iq-nowrap">
                <strong>{f.name}</strong>
              </td>
              <td>{f.description}</td>
              <td className="iq-mono">{f.extensions.join(" ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="iq-muted">
        Each also compressed with gzip (.gz) or Zstandard (.zst), in ZIP and tar archives, and in
        folders.
      </p>

      <h2>Words</h2>
      <dl className="iq-facts">
        <dt>effect size</dt>
        <dd>How much something changed, apart from how many rows there are.</dd>
        <dt>PSI</dt>
        <dd>
          Population stability index over ten bins of baseline quantiles; 0.1 and 0.25 are the
          customary marks.
        </dd>
        <dt>Jensen-Shannon</dt>
        <dd>Distance of two distributions, 0 (same) to 1 (nothing in common).</dd>
        <dt>Kolmogorov-Smirnov</dt>
        <dd>Largest gap between the two cumulative distributions, 0 to 1.</dd>
        <dt>Cliff&rsquo;s delta</dt>
        <dd>
          How often a random incident value exceeds a random baseline value, minus the reverse; −1
          to 1.
        </dd>
        <dt>Cramér&rsquo;s V</dt>
        <dd>Strength of association between window and category, 0 to 1.</dd>
        <dt>q</dt>
        <dd>p-value corrected for the number of columns tested (Benjamini-Hochberg).</dd>
      </dl>
    </div>
  );
}
