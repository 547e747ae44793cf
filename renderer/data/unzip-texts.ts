import { blobBytes } from "../../shared/importers/containers/bytes.ts";
import { listZip } from "../../shared/importers/containers/zip.ts";
import { zipContent } from "../../shared/importers/containers/zip-content.ts";

/**
 * The texts of a ZIP document (DOCX, PPTX): the name and the words of each XML
 * part. Runs that a program split within a word are joined again.
 */
export async function unzipTexts(file: Uint8Array): Promise<string[]> {
  const bytes = blobBytes(new Blob([new Uint8Array(file)]));
  const { entries } = await listZip(bytes);
  const texts: string[] = [];
  for (const entry of entries) {
    texts.push(entry.name);
    const place = /\.(?:xml|rels)$/.test(entry.name) ? await entry.place() : null;
    if (place === null) continue;
    const parts: Uint8Array[] = [];
    for await (const chunk of zipContent(bytes, place)) parts.push(chunk);
    const xml = await new Blob(parts.map((p) => new Uint8Array(p))).text();
    texts.push(xml, xml.replace(/<\/(?:w:p|a:p|w:tc|a:tc)>/g, "\n").replace(/<[^>]*>/g, ""));
  }
  return texts;
}
