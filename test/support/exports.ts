import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";

/** What was exported from the one case of a scratch folder. */
export class Exports {
  readonly folder: string;

  constructor(scratch: string) {
    const found = readdirSync(scratch).find((name) => name.endsWith(".inquest"));
    this.folder = join(scratch, found ?? "", "exports");
  }

  /** Path of the newest file with this ending. */
  path(ending: string): string {
    const name = readdirSync(this.folder)
      .filter((file) => file.endsWith(ending))
      .sort()
      .at(-1);
    if (name === undefined) throw new Error(`no file ends in ${ending} in ${this.folder}`);
    return join(this.folder, name);
  }

  bytes(ending: string): Buffer {
    return readFileSync(this.path(ending));
  }

  text(ending: string): string {
    return readFileSync(this.path(ending), "utf8");
  }

  /** Words of an office document: those of its text parts that match, without markup. */
  words(ending: ".docx" | ".pptx", parts: RegExp): string {
    const files = unzipSync(new Uint8Array(this.bytes(ending)));
    return Object.entries(files)
      .filter(([name]) => parts.test(name))
      .map(([, bytes]) => plain(strFromU8(bytes)))
      .join("\n");
  }

  /** Names of the parts of an office document. */
  parts(ending: ".docx" | ".pptx"): string[] {
    return Object.keys(unzipSync(new Uint8Array(this.bytes(ending))));
  }

  xml(ending: ".docx" | ".pptx", part: string): string {
    const file = unzipSync(new Uint8Array(this.bytes(ending)))[part];
    return file === undefined ? "" : strFromU8(file);
  }
}

/** XML or HTML as words: paragraphs and cells on lines of their own. */
export function plain(markup: string): string {
  return markup
    .replace(/<(?:script|style)[\s\S]*?<\/(?:script|style)>/g, "")
    .replace(/<\/(?:w:p|a:p|p|td|th|h\d|li|dd|dt)>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
