import type { Palette } from "../../../../shared/model/palette.ts";

export interface ImageText {
  readonly title: string;
  /** One line each, with the window's mark in front. */
  readonly baseline: string;
  readonly incident: string;
  /** Where it comes from: files. */
  readonly source: string;
}

const SCALE = 2;
const PAD = 16;
const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/**
 * The picture inside `host` (the canvas of ECharts, or an SVG that carries its
 * colours in attributes) as a PNG with title, legend and source around it, at
 * twice the size of the screen's.
 * @throws DOMException where there is no picture or it cannot be read
 */
export async function chartImage(
  host: HTMLElement,
  text: ImageText,
  palette: Palette,
): Promise<Blob> {
  const picture = await pictureOf(host);
  const canvas = document.createElement("canvas");
  const width = Math.max(480, picture.width) + 2 * PAD;
  const context = canvas.getContext("2d");
  if (context === null) throw new DOMException("no canvas to draw on", "InvalidStateError");
  context.font = `12px ${FONT}`;
  const source = wrapped(context, text.source, width - 2 * PAD);
  const head = 68;
  const height = head + picture.height + 14 + source.length * 16 + PAD / 2;
  canvas.width = Math.round(width * SCALE);
  canvas.height = Math.round(height * SCALE);
  context.scale(SCALE, SCALE);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "alphabetic";
  context.fillStyle = palette.text;
  context.font = `600 14px ${FONT}`;
  context.fillText(text.title, PAD, PAD + 11, width - 2 * PAD);
  context.font = `12px ${FONT}`;
  legendLine(context, "baseline", text.baseline, PAD + 29, palette, width);
  legendLine(context, "incident", text.incident, PAD + 46, palette, width);
  for (const image of picture.images) {
    context.drawImage(image, PAD, head, picture.width, picture.height);
  }
  context.fillStyle = palette.muted;
  source.forEach((line, k) => {
    context.fillText(line, PAD, head + picture.height + 18 + k * 16);
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new DOMException("the picture is too large", "EncodingError"));
      else resolve(blob);
    }, "image/png");
  });
}

interface Picture {
  readonly images: readonly CanvasImageSource[];
  readonly width: number;
  readonly height: number;
}

async function pictureOf(host: HTMLElement): Promise<Picture> {
  const canvases = [...host.querySelectorAll("canvas")];
  const [first] = canvases;
  if (first !== undefined) {
    return { images: canvases, width: first.clientWidth, height: first.clientHeight };
  }
  const svg = host.querySelector<SVGSVGElement>("svg[role=img]");
  if (svg === null) throw new DOMException("there is no picture yet", "NotFoundError");
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("width", String(width * SCALE));
  copy.setAttribute("height", String(height * SCALE));
  const xml = new XMLSerializer().serializeToString(copy);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(xml)}`;
  await image.decode();
  return { images: [image], width, height };
}

/** The mark of a window (full square, hatched square) and its text. */
function legendLine(
  context: CanvasRenderingContext2D,
  which: "baseline" | "incident",
  text: string,
  y: number,
  palette: Palette,
  width: number,
): void {
  const size = 10;
  const top = y - 9;
  context.save();
  context.strokeStyle = palette[which];
  context.lineWidth = 1.5;
  if (which === "baseline") {
    context.fillStyle = palette.baseline;
    context.fillRect(PAD, top, size, size);
  } else {
    context.beginPath();
    context.rect(PAD, top, size, size);
    context.stroke();
    context.clip();
    for (let k = -size; k < size; k += 4) {
      context.beginPath();
      context.moveTo(PAD + k, top + size);
      context.lineTo(PAD + k + size, top);
      context.stroke();
    }
  }
  context.restore();
  context.fillStyle = palette.text;
  context.fillText(text, PAD + size + 7, y, width - 2 * PAD - size - 7);
}

/** Lines of at most `width` px, broken at blanks; at most four. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== "") lines.push(line);
  return lines.length <= 4 ? lines : [...lines.slice(0, 3), `${lines[3] ?? ""} …`];
}
