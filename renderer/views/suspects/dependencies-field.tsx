import { Button, TextArea } from "@blueprintjs/core";
import { useState } from "react";
import type { Dependency } from "../../../shared/model/case.ts";
import { useCase } from "../../state/case-store.ts";
import { count } from "../../widgets/format.ts";
import { DependencyDrawing } from "./dependency-drawing.tsx";

const NONE: readonly Dependency[] = [];
const MOST_DRAWN = 60;

/** Which service calls which, drawn or a line each; beside what spans and tables of the evidence show. */
export function DependenciesField({ services }: { readonly services: readonly string[] }) {
  const dependencies = useCase((s) => s.state?.dependencies) ?? NONE;
  const append = useCase((s) => s.append);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const saved = dependencies.map((d) => `${d.caller} -> ${d.callee}`).join("\n");
  const [open, setOpen] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const save = () => {
    if (text === null || text === saved) return;
    const read = readDependencies(text);
    setProblem(typeof read === "string" ? read : null);
    if (typeof read === "string") return;
    setText(null);
    void append({ type: "dependencies/set", data: read });
  };
  return (
    <div className="iq-dependencies">
      <Button
        size="small"
        variant="minimal"
        aria-expanded={open}
        text={
          dependencies.length === 0
            ? "Calls between services"
            : `${count(dependencies.length, "call")} between services`
        }
        onClick={() => {
          setOpen(!open);
        }}
      />
      {open && (
        <>
          <p className="iq-muted iq-graph-hint">
            Press the caller, then what it calls: the call is drawn, or taken away. Calls seen in
            spans are known already. A caller whose callee has the same trouble ranks lower.
          </p>
          {services.length > MOST_DRAWN ? (
            <p className="iq-muted">
              {count(services.length, "service")} are too many for a drawing: write the calls below.
            </p>
          ) : (
            <div className="iq-graph-scroll">
              <DependencyDrawing
                services={services}
                calls={dependencies}
                readOnly={readOnly}
                onChange={(calls) => {
                  setText(null);
                  void append({ type: "dependencies/set", data: calls });
                }}
              />
            </div>
          )}
          <label>
            <span className="iq-muted">
              Or one call a line, such as <code>checkout -&gt; payment</code>:
            </span>
            <TextArea
              fill
              className="iq-mono"
              disabled={readOnly}
              aria-invalid={problem !== null}
              value={text ?? saved}
              onChange={(e) => {
                setText(e.currentTarget.value);
              }}
              onBlur={save}
            />
            {problem !== null && <span role="alert">{problem}</span>}
          </label>
        </>
      )}
    </div>
  );
}

/** The calls, or which line cannot be read. */
function readDependencies(text: string): Dependency[] | string {
  const found: Dependency[] = [];
  for (const [k, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [caller, callee, more] = line.split(/->|→/u).map((part) => part.trim());
    if (caller === undefined || callee === undefined || more !== undefined) {
      return `Line ${String(k + 1)} is not a call: write caller -> callee.`;
    }
    if (caller === "" || callee === "")
      return `Line ${String(k + 1)} lacks one of the two services.`;
    found.push({ caller, callee });
  }
  return found;
}
