import { sensitiveAt, type Sensitive } from "./sensitive.ts";

const LOCAL_PART = /[\p{L}\p{M}\p{N}._%+'’-]/u;
const DOMAIN_RUN = /[\p{L}\p{M}\p{N}.-]{1,254}/uy;
const LABEL = /^[\p{L}\p{N}](?:.*[\p{L}\p{M}\p{N}])?$/u;
const TOP_LEVEL = /^(?:[\p{L}\p{M}]{2,24}|xn--[a-z\d-]{2,59})$/iu;
/** `user@1000.service` is a systemd unit, `icon@2x.png` a picture. */
const NOT_TOP_LEVEL =
  /^(?:service|socket|slice|mount|timer|target|scope|device|swap|path|png|jpe?g|gif|webp|svg)$/i;

const LONGEST_LOCAL = 128;

/**
 * Mail addresses with a dotted domain, also international ones (RFC 6531) and
 * with a quoted local part. Looks around each `@`, a bounded number of
 * characters to either side, so that the time is linear in the text.
 */
export function findEmails(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const start = startOfLocal(text, at, from);
    if (start === at || isPasswordOfUrl(text, start)) continue;
    const end = endOfDomain(text, at + 1);
    if (end === at + 1) continue;
    found.push(sensitiveAt(text, "email", start, end));
    from = end;
  }
  return found;
}

function startOfLocal(text: string, at: number, from: number): number {
  const least = Math.max(from, at - LONGEST_LOCAL);
  if (text[at - 1] === '"') return startOfQuoted(text, at, least);
  let start = at;
  while (start > least && LOCAL_PART.test(text.charAt(start - 1))) start--;
  while (start < at && /[.'’%-]/.test(text.charAt(start))) start++;
  return start;
}

/** `//user:password@host.example.org` is no address. */
function isPasswordOfUrl(text: string, start: number): boolean {
  return /:\/\/[^\s/@:]{0,128}:[^\s/@]{0,64}$/.test(text.slice(Math.max(0, start - 200), start));
}

function startOfQuoted(text: string, at: number, least: number): number {
  const open = text.lastIndexOf('"', at - 2);
  return open >= least && open < at - 2 && !text.slice(open, at).includes("\n") ? open : at;
}

/** End of the longest domain that starts here and ends in a top-level name; `start` if none does. */
function endOfDomain(text: string, start: number): number {
  DOMAIN_RUN.lastIndex = start;
  const labels: string[] = [];
  for (const part of (DOMAIN_RUN.exec(text)?.[0] ?? "").split(".")) {
    const label = part.replace(/-+$/, "");
    if (!LABEL.test(label)) break;
    labels.push(label);
    if (label !== part) break;
  }
  while (labels.length > 1 && !TOP_LEVEL.test(labels.at(-1) ?? "")) labels.pop();
  if (labels.length < 2 || NOT_TOP_LEVEL.test(labels.at(-1) ?? "")) return start;
  return start + labels.join(".").length;
}
