import type { ReportPicture } from "../../shared/report/blocks.ts";

/**
 * A picture as PNG, `scale` pixels for each of its units, on white. Fails with a
 * sentence where the picture cannot be drawn.
 */
export async function rasterise(picture: ReportPicture, scale: number): Promise<Uint8Array> {
  const image = new Image();
  const named = picture.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
  image.src = URL.createObjectURL(
    new Blob([picture.svg.includes("xmlns=") ? picture.svg : named], { type: "image/svg+xml" }),
  );
  try {
    await image.decode();
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(picture.width * scale)),
      Math.max(1, Math.round(picture.height * scale)),
    );
    const context = canvas.getContext("2d");
    if (context === null) throw new Error(`The picture “${picture.title}” cannot be drawn.`);
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await canvas.convertToBlob({ type: "image/png" });
    return new Uint8Array(await png.arrayBuffer());
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
