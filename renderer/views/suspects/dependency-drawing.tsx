import { useState } from "react";
import type { Dependency } from "../../../shared/model/case.ts";
import { graphLayout } from "./graph-layout.ts";

const [WIDTH, HEIGHT, GAP, STEP] = [150, 26, 56, 36];

interface DependencyDrawingProps {
  readonly services: readonly string[];
  readonly calls: readonly Dependency[];
  readonly readOnly: boolean;
  readonly onChange: (calls: Dependency[]) => void;
}

/** The calls as a drawing: one service, then another, draws the call between them or takes it away. */
export function DependencyDrawing({ services, calls, readOnly, onChange }: DependencyDrawingProps) {
  const [caller, setCaller] = useState<string | null>(null);
  const nodes = graphLayout(services, calls);
  const places = new Map(
    nodes.map(({ service, column, row }) => [
      service,
      { x: column * (WIDTH + GAP), y: row * STEP },
    ]),
  );
  const width = Math.max(0, ...[...places.values()].map((p) => p.x)) + WIDTH;
  const height = Math.max(0, ...[...places.values()].map((p) => p.y)) + HEIGHT;
  const press = (service: string) => {
    if (caller === null || caller === service) {
      setCaller(caller === null ? service : null);
      return;
    }
    const others = calls.filter((c) => c.caller !== caller || c.callee !== service);
    onChange(others.length < calls.length ? others : [...calls, { caller, callee: service }]);
    setCaller(null);
  };
  return (
    <div
      className="iq-graph"
      role="group"
      aria-label="Calls between services, drawn"
      style={{ width, height }}
    >
      <svg width={width} height={height} aria-hidden="true">
        <defs>
          <marker
            id="iq-arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" fill="var(--iq-line)" />
          </marker>
        </defs>
        {calls.map((call) => {
          const [from, to] = [places.get(call.caller), places.get(call.callee)];
          if (from === undefined || to === undefined) return null;
          const isBack = to.x <= from.x;
          const [x1, x2] = isBack ? [from.x, to.x + WIDTH] : [from.x + WIDTH, to.x];
          const [y1, y2] = [from.y + HEIGHT / 2, to.y + HEIGHT / 2];
          return (
            <path
              key={`${call.caller} ${call.callee}`}
              d={`M${String(x1)} ${String(y1)}C${String((x1 + x2) / 2)} ${String(y1)} ${String((x1 + x2) / 2)} ${String(y2)} ${String(x2)} ${String(y2)}`}
              fill="none"
              stroke="var(--iq-line)"
              markerEnd="url(#iq-arrow)"
            />
          );
        })}
      </svg>
      {nodes.map(({ service }) => (
        <button
          key={service}
          type="button"
          className="iq-graph-node"
          style={{ left: places.get(service)?.x, top: places.get(service)?.y, width: WIDTH }}
          title={service}
          aria-pressed={caller === service}
          aria-description={calledText(service, calls)}
          disabled={readOnly}
          onClick={() => {
            press(service);
          }}
        >
          {service}
        </button>
      ))}
    </div>
  );
}

function calledText(service: string, calls: readonly Dependency[]): string {
  const called = calls.filter((c) => c.caller === service).map((c) => c.callee);
  return called.length === 0 ? "calls nothing" : `calls ${called.join(", ")}`;
}
