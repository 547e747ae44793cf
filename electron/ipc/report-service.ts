import { ok } from "../../shared/base/result.ts";
import type { Service } from "./register.ts";

/** Reports as PDF. `print` makes the PDF of an HTML document. */
export function reportService(
  print: (html: string, title: string, onePage: boolean) => Promise<Uint8Array<ArrayBuffer>>,
): Service<"report"> {
  return {
    "report.printPdf": async ([{ html, title, onePage }]) =>
      ok({ bytes: await print(html, title, onePage) }),
  };
}
