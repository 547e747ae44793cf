import { sensitiveAt, type Sensitive } from "./sensitive.ts";

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|[01]?\d?\d)`;
const IPV4 = new RegExp(String.raw`(?<!\d)(?<!\d\.)${OCTET}(?:\.${OCTET}){3}(?!\d|\.\d)`, "g");
/** Host names of cloud machines: `ip-10-0-3-17.ec2.internal`. */
const DASHED_IPV4 = new RegExp(
  String.raw`(?<=(?<![a-z\d])ip-)${OCTET}(?:-${OCTET}){3}(?![\d-])`,
  "gi",
);
const VERSION_BEFORE =
  /(?:(?:^|[^a-z\d])(?:v|r|rev|ver|versions?|release|revision|build|firmware|driver|section|chapter|clause|figure|table|step)|(?:assembly|file|product)version|§)[.:="'#( ]{0,3}$|(?:chrome|chromium|firefox|safari|edge?|opr|opera|version|webkit|electron|curl|nginx|java|python|node)\/$/i;
const VERSION_AFTER =
  /^(?:[-_.+]?(?:alpha|beta|rc|snapshot|dev|pre|final|ga)(?:[\d.-]|\b)|\.(?:jar|whl|deb|rpm|nupkg|dll|so|gem|egg)\b|[-_.](?:amd64|x86_64|noarch|arm64|aarch64|el\d))/i;

const COLON_RUN = /(?<![\da-f:])[\da-f]*:[\da-f:]+(?:(?:\.\d{1,3}){3}(?!\d|\.\d))?/gi;
const ZONE = /%[\w.-]{1,16}/y;

const PAIRS =
  /(?<![a-z\d])(?<!(?<![a-z\d])[\da-f]{2}[:-])[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}(?:[\da-f]{2}\1[\da-f]{2}\1)?[\da-f]{2}(?![a-z\d]|[:-][\da-f]{2}(?![\da-z]))/gi;
const QUADS =
  /(?<![a-z\d])(?<!(?<![a-z\d])[\da-f]{4}\.)[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}(?![a-z\d]|\.[\da-f]{4}(?![a-z\d]))/gi;

/**
 * IPv4 and IPv6 addresses. With `versions`, four numbers that the text calls a
 * version are taken for an address too.
 */
export function findIps(text: string, versions = false): Sensitive[] {
  const found: Sensitive[] = [];
  for (const { index, 0: match } of text.matchAll(IPV4)) {
    const end = index + match.length;
    if (versions || !isVersion(text, index, end)) found.push(sensitiveAt(text, "ip", index, end));
  }
  for (const { index, 0: match } of text.matchAll(DASHED_IPV4))
    found.push(sensitiveAt(text, "ip", index, index + match.length));
  for (const { index, 0: match } of text.matchAll(COLON_RUN)) {
    const span = ipv6Within(text, index, match);
    if (span) found.push(sensitiveAt(text, "ip", span.start, span.end));
  }
  return found;
}

/** MAC and EUI-64 addresses in pairs (`:` or `-`) and in the dotted form of routers. */
export function findMacs(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  for (const { index, 0: match, 1: separator } of text.matchAll(PAIRS)) {
    if (separator === "-" && isDashedTime(match)) continue;
    found.push(sensitiveAt(text, "mac", index, index + match.length));
  }
  for (const { index, 0: match } of text.matchAll(QUADS)) {
    if (!/\d/.test(match) || /^(?:19|20)[\d.]+$/.test(match)) continue;
    found.push(sensitiveAt(text, "mac", index, index + match.length));
  }
  return found;
}

function isVersion(text: string, start: number, end: number): boolean {
  return (
    VERSION_BEFORE.test(text.slice(Math.max(0, start - 24), start)) ||
    VERSION_AFTER.test(text.slice(end, end + 12))
  );
}

/** `24-05-01-12-30-45` in a file name. */
function isDashedTime(pairs: string): boolean {
  return /^\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])-(?:[01]\d|2[0-3])-[0-5]\d-[0-5]\d$/.test(
    pairs,
  );
}

/** The IPv6 address in a run of hex digits and colons, without what belongs to words beside it. */
function ipv6Within(
  text: string,
  at: number,
  match: string,
): { start: number; end: number } | null {
  if (match.length > 80 || !isColonRich(match)) return null;
  let run = match;
  let start = at;
  if (/\w/.test(text.charAt(at - 1)) || /^:[^:]/.test(run)) {
    const cut = /^[\da-f]*:(?!:)/i.exec(run)?.[0].length;
    if (cut === undefined) return null;
    run = run.slice(cut);
    start += cut;
  }
  if (/[g-z_]/i.test(text.charAt(at + match.length))) run = run.replace(/:[\da-f.]*$/i, "");
  else run = run.replace(/([^:]):$/, "$1");
  run = withoutPort(run);
  if (!isIpv6(run) || isSlice(text, start, run)) return null;
  ZONE.lastIndex = start + run.length;
  return { start, end: start + run.length + (ZONE.exec(text)?.[0].length ?? 0) };
}

function isColonRich(run: string): boolean {
  return run.includes("::") || run.split(":").length >= 7;
}

function withoutPort(run: string): string {
  const groups = run.split(":");
  return groups.length === 9 && !run.includes("::") ? groups.slice(0, 8).join(":") : run;
}

function isIpv6(address: string): boolean {
  const halves = address.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const tail = groups.at(-1) ?? "";
  const dotted = tail.includes(".");
  if (dotted && !new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`).test(tail)) return false;
  const hex = dotted ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  const count = hex.length + (dotted ? 2 : 0);
  if (halves.length === 1) return count === 8 && !hex.every((group) => group.length === 2);
  return count <= 7 && isPlausibleShort(halves, groups);
}

/** Short forms with `::` are also casts, slices and names: `a::b`, `x[::2]`, `Cafe::Add`. */
function isPlausibleShort(halves: readonly string[], groups: readonly string[]): boolean {
  const [head = "", tail = ""] = halves;
  if (groups.length === 0 || !/\d/.test(groups.join(""))) return false;
  if (groups.length > 2) return true;
  if (head === "") return tail === "1" || tail.length >= 3;
  return head.includes(":") || head.length >= 3;
}

/** `x[::1]` takes every element; `[::1]` alone is an address. */
function isSlice(text: string, start: number, address: string): boolean {
  return address.startsWith("::") && /[\w)\]]\[?$/.test(text.slice(Math.max(0, start - 2), start));
}
