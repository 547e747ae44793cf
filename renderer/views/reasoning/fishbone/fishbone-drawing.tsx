import type { FishboneLayout } from "../../../../shared/reasoning/fishbone-layout.ts";

interface FishboneDrawingProps {
  readonly layout: FishboneLayout;
  readonly scale: number;
  /** Bone over which a cause is being dragged. */
  readonly targetId: string | null;
  /** Text that is being written, and stands in its own field. */
  readonly hiddenId: string | null;
}

/** Lines and texts of the fishbone in the colours of the theme. */
export function FishboneDrawing({ layout, scale, targetId, hiddenId }: FishboneDrawingProps) {
  const { width, height, lines, texts } = layout;
  return (
    <svg
      className="iq-fish-drawing"
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      width={width * scale}
      height={height * scale}
      aria-hidden="true"
    >
      {lines.map(({ id, kind, x1, y1, x2, y2 }) => (
        <line
          key={`${kind}-${id}`}
          className={`iq-fish-${kind}`}
          data-target={kind === "bone" && id === targetId ? "true" : undefined}
          x1={x1}
          y1={y1}
          x2={kind === "spine" ? x2 - 9 : x2}
          y2={y2}
        />
      ))}
      {lines
        .filter((l) => l.kind === "spine")
        .map(({ x2, y2 }) => (
          <path
            key="arrow"
            className="iq-fish-arrow"
            d={`M${String(x2)} ${String(y2)}l-11 -6v12z`}
          />
        ))}
      {texts
        .filter((t) => t.id !== hiddenId)
        .map((text) => (
          <g key={text.id}>
            {text.kind !== "cause" && (
              <rect
                className={`iq-fish-frame iq-fish-frame-${text.kind}`}
                data-target={text.id === targetId ? "true" : undefined}
                x={text.x}
                y={text.y}
                width={text.width}
                height={text.height}
                rx="3"
              />
            )}
            {text.lines.map((line, i) => (
              <text
                key={i}
                className="iq-fish-words"
                x={line.x}
                y={line.y}
                fontSize={text.size}
                fontWeight={text.bold ? 600 : undefined}
              >
                {line.text}
              </text>
            ))}
            {text.marks !== null && (
              <text
                className="iq-fish-marks"
                x={text.marks.x}
                y={text.marks.y}
                fontSize={text.size - 1.5}
              >
                {text.marks.text}
              </text>
            )}
          </g>
        ))}
    </svg>
  );
}
