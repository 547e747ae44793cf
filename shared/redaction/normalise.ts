import type { RedactionKind } from "./sensitive.ts";

const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;

/**
 * The one form of a value that is written in several ways: digits of a phone
 * number from the country code on, an IPv6 address with all its groups, an
 * account number without blanks. Equal forms are the same value.
 */
export function normaliseValue(kind: RedactionKind, value: string): string {
  const visible = value.normalize("NFC").replace(INVISIBLE, "");
  switch (kind) {
    case "email":
      return visible.toLowerCase().replace(/’/g, "'");
    case "phone":
      return normalisePhone(visible);
    case "ip":
      return normaliseIp(visible);
    case "mac":
    case "card":
    case "iban":
      return visible.replace(/[^a-z\d]/gi, "").toUpperCase();
    case "secret":
      return visible.replace(/(?:\s|\\[nr])+/g, "\n").trim();
    case "name":
      return visible
        .normalize("NFD")
        .replace(/\p{M}/gu, "")
        .toLowerCase()
        .replace(/’/g, "'")
        .replace(/(?<=[\p{L}\p{N}])[\s._+-]{1,3}(?=[\p{L}\p{N}])/gu, " ");
  }
}

function normalisePhone(phone: string): string {
  const international = /^\s*(?:\+|00)/.test(phone);
  const digits = phone.replace(/^\s*00/, "");
  return (international ? digits.replace(/\(0\)/, "") : digits).replace(/\D/g, "");
}

function normaliseIp(ip: string): string {
  if (!ip.includes(":")) return decimalOctets(ip.replace(/-/g, ".")).join(".");
  const address = ip.toLowerCase().replace(/%.*$/, "");
  const dotted = /[\d.]+$/.exec(address)?.[0];
  const plain =
    dotted?.includes(".") === true ? address.slice(0, -dotted.length) + asHex(dotted) : address;
  const [head = "", tail] = plain.split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...(tail === undefined ? [] : zeros), ...after].join(":");
}

function groupsOf(half: string): string[] {
  return half === "" ? [] : half.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
}

function decimalOctets(ip: string): number[] {
  return ip.split(".").map(Number);
}

function asHex(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = decimalOctets(dotted);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
