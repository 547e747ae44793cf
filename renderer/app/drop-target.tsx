import { useEffect, useState } from "react";
import { addDroppedPaths } from "../data/case-actions.ts";
import { useCase } from "../state/case-store.ts";

/** Files dropped anywhere on the window become evidence. */
export function DropTarget() {
  const [over, setOver] = useState(false);
  const hasCase = useCase((s) => s.opened !== null);
  useEffect(() => {
    let depth = 0;
    const isFiles = (e: DragEvent) => e.dataTransfer?.types.includes("Files") ?? false;
    const enter = (e: DragEvent) => {
      if (!isFiles(e)) return;
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drag = (e: DragEvent) => {
      if (isFiles(e)) e.preventDefault();
    };
    const drop = (e: DragEvent) => {
      if (!isFiles(e)) return;
      e.preventDefault();
      depth = 0;
      setOver(false);
      const files = Array.from(e.dataTransfer?.files ?? []);
      const paths = window.inquest.pathsOf(files).filter((p) => p !== "");
      void addDroppedPaths(paths);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", drag);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", drag);
      window.removeEventListener("drop", drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="iq-drop" aria-hidden="true">
      {hasCase
        ? "Drop files or folders to add them as evidence"
        : "Drop files or folders to start a case with them"}
    </div>
  );
}
