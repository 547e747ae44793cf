import { Button, Menu, MenuItem, PopoverNext, SegmentedControl } from "@blueprintjs/core";
import {
  CaretDownIcon,
  ChevronDownIcon,
  ChevronRightIcon,
  SwapHorizontalIcon,
} from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import { DARK, LIGHT } from "../../../shared/model/palette.ts";
import type { Window, Windows } from "../../../shared/model/window.ts";
import { useAnalysis, useTables } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { BrushOverview } from "../../widgets/chart/brush-overview.tsx";
import type { WindowName } from "../../widgets/chart/brush-window.tsx";
import { WindowMark } from "../../widgets/tags.tsx";
import { suggestionsFor } from "./suggestions.ts";
import { windowWarnings } from "./warnings.ts";
import { WindowFields } from "./window-fields.tsx";
import { windowText } from "./window-text.ts";
import { WindowValues } from "./window-values.tsx";
import "./windows.css";

const NONE: Windows = { baseline: null, incident: null };
const NAMES = ["baseline", "incident"] as const;

/** The two windows: one line, or opened with overview, fields and suggestions. */
export default function WindowsPanel() {
  const tables = useTables();
  const windows = useCase((s) => s.state?.windows) ?? NONE;
  const zone = useView((s) => s.timezone);
  const complete = windows.baseline !== null && windows.incident !== null;
  // Open while a window is missing; once open it stays until the person closes it.
  const [open, setOpen] = useState(!complete);
  const timed = tables.some((t) => t.timeColumn !== null && t.from !== null);
  const overview = useAnalysis("overview", timed ? { tables, buckets: 240 } : null, {
    keepPrevious: true,
  });
  const warnings = windowWarnings(windows, overview.data ?? null);
  if (tables.length === 0) return null;
  return (
    <section className="iq-windows" aria-label="Windows">
      <div className="iq-windows-line">
        <Button
          size="small"
          variant="minimal"
          icon={open ? <ChevronDownIcon size={14} /> : <ChevronRightIcon size={14} />}
          aria-expanded={open}
          text="Windows"
          onClick={() => {
            setOpen(!open);
          }}
        />
        {NAMES.map((which) => (
          <span key={which} className="iq-windows-item iq-clip" data-summary={which}>
            <WindowMark which={which} />
            <strong>{which === "baseline" ? "Baseline" : "Incident"}</strong>{" "}
            <span className={windows[which] === null ? "iq-muted" : undefined}>
              {windowText(windows[which], zone)}
            </span>
          </span>
        ))}
        {!open && warnings.length > 0 && (
          <span className="iq-window-warning iq-clip">{warnings[0]}</span>
        )}
      </div>
      {open && (
        <WindowsEditor
          windows={windows}
          overview={overview.data ?? null}
          failure={overview.error?.message ?? null}
          warnings={warnings}
        />
      )}
    </section>
  );
}

type OverviewData = NonNullable<ReturnType<typeof useAnalysis<"overview">>["data"]>;

interface WindowsEditorProps {
  readonly windows: Windows;
  readonly overview: OverviewData | null;
  readonly failure: string | null;
  readonly warnings: readonly string[];
}

function WindowsEditor({ windows, overview, failure, warnings }: WindowsEditorProps) {
  const tables = useTables();
  const zone = useView((s) => s.timezone);
  const theme = useView((s) => s.theme);
  const readOnly = useCase((s) => (s.opened?.readOnly ?? null) !== null);
  const evidence = useCase((s) => s.state?.evidence);
  const hasFilter =
    windows.baseline?.filter !== undefined || windows.incident?.filter !== undefined;
  const [by, setBy] = useState<"time" | "values">(hasFilter ? "values" : "time");
  const [drawing, setDrawing] = useState<WindowName>(
    windows.baseline === null ? "baseline" : "incident",
  );
  const suggestions = useMemo(
    () => suggestionsFor(tables, evidence ?? [], windows.incident),
    [tables, evidence, windows.incident],
  );
  const layers = useMemo(
    () => (overview?.tables ?? []).map(({ table, counts }) => ({ name: table, counts })),
    [overview],
  );

  const set = (which: WindowName, window: Window | null) =>
    void useCase.getState().append({ type: "windows/set", data: { which, window } });
  const setBoth = ({ baseline, incident }: Windows) =>
    void useCase
      .getState()
      .append(
        { type: "windows/set", data: { which: "baseline", window: baseline } },
        { type: "windows/set", data: { which: "incident", window: incident } },
      );
  const range = (window: Window | null) =>
    window === null || overview === null || (window.from === null && window.to === null)
      ? null
      : { from: window.from ?? overview.from, to: window.to ?? overview.to };
  return (
    <div className="iq-windows-editor">
      <div className="iq-windows-tools">
        <SegmentedControl
          size="small"
          aria-label="What makes the windows"
          value={by}
          onValueChange={(value) => {
            setBy(value === "values" ? "values" : "time");
          }}
          options={[
            { label: "By time", value: "time" },
            { label: "By column values", value: "values" },
          ]}
        />
        {by === "time" && (
          <SegmentedControl
            size="small"
            aria-label="Dragging on the chart draws"
            value={drawing}
            onValueChange={(value) => {
              setDrawing(value === "incident" ? "incident" : "baseline");
            }}
            options={[
              { label: "Drag draws baseline", value: "baseline" },
              { label: "Drag draws incident", value: "incident" },
            ]}
          />
        )}
        <PopoverNext
          arrow={false}
          animation="minimal"
          placement="bottom-start"
          disabled={readOnly || suggestions.length === 0}
          content={
            <Menu>
              {suggestions.map((s) => (
                <MenuItem
                  key={s.label}
                  text={s.label}
                  onClick={() => {
                    setBoth(s);
                  }}
                />
              ))}
            </Menu>
          }
        >
          <Button
            size="small"
            text="Suggestions"
            endIcon={<CaretDownIcon />}
            disabled={readOnly || suggestions.length === 0}
          />
        </PopoverNext>
        <Button
          size="small"
          icon={<SwapHorizontalIcon />}
          text="Swap"
          disabled={readOnly || (windows.baseline === null && windows.incident === null)}
          onClick={() => {
            setBoth({ baseline: windows.incident, incident: windows.baseline });
          }}
        />
        {readOnly && <span className="iq-muted">This case is open read-only.</span>}
      </div>
      {by === "values" ? (
        <WindowValues tables={tables} windows={windows} disabled={readOnly} onChange={set} />
      ) : (
        <>
          {failure !== null && (
            <p role="alert" className="iq-window-warning">
              The overview could not be drawn: {failure}
            </p>
          )}
          {overview !== null && overview.times.length > 0 && (
            <BrushOverview
              title="Rows over time, by table"
              times={overview.times}
              bucket={overview.bucket}
              layers={layers}
              baseline={range(windows.baseline)}
              incident={range(windows.incident)}
              drawing={drawing}
              zone={zone}
              palette={theme === "dark" ? DARK : LIGHT}
              disabled={readOnly}
              onChange={(which, next) => {
                const filter = windows[which]?.filter;
                set(which, { ...next, ...(filter === undefined ? {} : { filter }) });
              }}
            />
          )}
          <div className="iq-windows-fields">
            {NAMES.map((which) => (
              <WindowFields
                key={which}
                which={which}
                window={windows[which]}
                zone={zone}
                disabled={readOnly}
                onChange={(window) => {
                  set(which, window);
                }}
              />
            ))}
          </div>
        </>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="iq-window-warning">
          {warning}
        </p>
      ))}
    </div>
  );
}
