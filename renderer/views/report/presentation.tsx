import { Button } from "@blueprintjs/core";
import { createPortal } from "react-dom";
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { BlockDocument } from "../../../shared/report/blocks.ts";
import { slideHtml } from "../../../shared/report/html.ts";
import { STYLE } from "../../../shared/report/html-style.ts";
import { slidesOf } from "../../../shared/report/slides.ts";
import { Preview } from "./preview.tsx";

interface PresentationProps {
  readonly document: BlockDocument;
  readonly onClose: () => void;
}

const FORTH: ReadonlySet<string> = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const BACK: ReadonlySet<string> = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);

/** The report part by part on the whole screen, driven by the keyboard; `n` shows what the speaker says. */
export function Presentation({ document: report, onClose }: PresentationProps) {
  const slides = useMemo(() => slidesOf(report), [report]);
  const [at, setAt] = useState(0);
  const [notesShown, setNotesShown] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const last = slides.length;

  const leave = useEffectEvent(onClose);
  useEffect(() => {
    const element = stage.current;
    element?.focus();
    // Where the system refuses the whole screen, the whole window it is.
    void element?.requestFullscreen().catch(() => undefined);
    const left = () => {
      if (document.fullscreenElement === null) leave();
    };
    document.addEventListener("fullscreenchange", left);
    // The window behind it is out of reach of keyboard and screen reader.
    const behind = document.querySelector<HTMLElement>(".iq-app");
    if (behind !== null) behind.inert = true;
    return () => {
      if (behind !== null) behind.inert = false;
      document.removeEventListener("fullscreenchange", left);
      if (document.fullscreenElement !== null) void document.exitFullscreen();
    };
  }, []);

  const press = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    else if (FORTH.has(event.key)) setAt((n) => Math.min(n + 1, last));
    else if (BACK.has(event.key)) setAt((n) => Math.max(n - 1, 0));
    else if (event.key === "Home") setAt(0);
    else if (event.key === "End") setAt(last);
    else if (event.key === "n") setNotesShown((shown) => !shown);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const slide = at === 0 ? null : (slides[at - 1] ?? null);
  return createPortal(
    <div
      ref={stage}
      className="iq-present"
      role="dialog"
      aria-modal="true"
      aria-label={`Presentation of ${report.title}`}
      tabIndex={-1}
      onKeyDown={press}
    >
      {slide === null ? (
        <div className="iq-slide iq-slide-first">
          <p className="iq-slide-status">
            {report.status === "final" ? `Version ${report.version}` : report.status}
          </p>
          <h1>{report.title}</h1>
          <p>{report.subtitle}</p>
          <p className="iq-slide-verdict">{report.verdict}</p>
        </div>
      ) : (
        <div className="iq-slide">
          <h1>{slide.title}</h1>
          <Fitted key={at} html={page(slideHtml(slide.blocks, report))} label={slide.title} />
        </div>
      )}
      {notesShown && (
        <aside className="iq-slide-notes" aria-label="Speaker notes">
          {slide === null || slide.notes === "" ? "No notes for this slide." : slide.notes}
        </aside>
      )}
      <footer className="iq-slide-foot">
        <span>{report.title}</span>
        <span>← → to turn, n for notes, Esc to end</span>
        <span aria-live="polite">
          {at + 1} / {last + 1}
        </span>
        <Button size="small" variant="minimal" text="End" onClick={onClose} />
      </footer>
    </div>,
    document.body,
  );
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><head><style>${STYLE}</style></head><body>${body}</body></html>`;
}

const LARGEST = 1.7;
const SMALLEST = 0.7;

/** Content as large as the slide allows; what does not fit at a readable size is scrolled to. */
function Fitted({ html, label }: { html: string; label: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(LARGEST);
  useLayoutEffect(() => {
    const element = frame.current;
    const content = element?.firstElementChild;
    if (element === null || !(content instanceof HTMLElement)) return undefined;
    const fit = () => {
      const room = element.clientHeight;
      const width = element.clientWidth;
      for (let size = LARGEST; size >= SMALLEST; size -= 0.1) {
        content.style.width = `${width / size}px`;
        content.style.zoom = String(size);
        if (content.getBoundingClientRect().height <= room) break;
      }
      setZoom(Number(content.style.zoom));
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [html]);
  return (
    <div ref={frame} className="iq-slide-frame" data-zoom={zoom.toFixed(1)}>
      <Preview html={html} label={label} className="iq-slide-body" />
    </div>
  );
}
