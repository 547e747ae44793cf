import { expect, test } from "vitest";
import {
  findSensitive,
  REDACTION_KINDS,
  type RedactionKind,
} from "../../../shared/redaction/detectors.ts";

const NAMES = ["Ann Lee", "Zoë Müller", "Al", "db-07", "Contoso", "C++ Guild", "田中"];

const find = (text: string, kinds: readonly RedactionKind[] = REDACTION_KINDS) =>
  findSensitive(text, { kinds, names: NAMES });

/** Joined from pieces, so that no scanner of repositories takes them for real. */
const AWS = "AKIA" + "IOSFODNN7EXAMPLE";
const GITHUB = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a";
const SLACK = "xoxb-" + "123456789012-1234567890123-4mt0t4l1yf3k3";
const JWT =
  "eyJhbGciOiJIUzI1NiJ9" +
  ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" +
  ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
const HEX = "9f86d081884c7d659a2feaa0c55ad015";
const PEM = [
  "-----BEGIN RSA PRIVATE KEY-----",
  "MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MaCwe",
  "10.0.0.1 is swallowed, ann@example.org too",
  "-----END RSA PRIVATE KEY-----",
].join("\n");

/** What is written, and the values that are to be found in it: `kind value`. */
const POSITIVE: readonly (readonly [string, ...string[]])[] = [
  // mail addresses
  ["From: ann.lee+ops@mail.example.co.uk, retry", "email ann.lee+ops@mail.example.co.uk"],
  ["<o'hara@example.org>", "email o'hara@example.org"],
  ["'bob@example.org'", "email bob@example.org"],
  ["user=bob@example.org;host=x", "email bob@example.org"],
  ["mailto:bob@example.org?subject=x", "email bob@example.org"],
  ["jürgen@müller.example reported it", "email jürgen@müller.example"],
  ["bob@xn--mller-kva.xn--p1ai", "email bob@xn--mller-kva.xn--p1ai"],
  ['"Bob Ross"@example.org wrote', 'email "Bob Ross"@example.org'],
  ["sent to bob@example.org.", "email bob@example.org"],
  ["a@b.io,c@d.io", "email a@b.io", "email c@d.io"],
  ["WHERE email = 'bob@example.org' AND id = 4", "email bob@example.org"],
  ["/home/exports/bob@example.org/in.csv", "email bob@example.org"],
  ["GET /u?mail=bob%40example.org HTTP/1.1", "email bob@example.org"],
  [
    "bob&#64;example.org and bob&commat;example.org",
    "email bob@example.org",
    "email bob@example.org",
  ],
  ['"text":"first\\nbob@example.org\\tlast"', "email bob@example.org"],
  ["bob@exam\u00adple.org", "email bob@example.org"],
  // phone numbers
  ["call +49 30 901820", "phone +49 30 901820"],
  ["+1 (555) 123-4567", "phone +1 (555) 123-4567"],
  ["+1-212-555-0123, second", "phone +1-212-555-0123"],
  ["tel:+442079460018", "phone +442079460018"],
  ["+44 (0)20 7946 0018", "phone +44 (0)20 7946 0018"],
  ["+44 20 7946 0018 200 1234", "phone +44 20 7946 0018"],
  ["+49 30 901820 2024-05-01 12:30:45", "phone +49 30 901820"],
  ["+33 6 12 34 56 78", "phone +33 6 12 34 56 78"],
  ["+420 123 456 789", "phone +420 123 456 789"],
  ["+1.2125550123", "phone +1.2125550123"],
  ["0049 30 901820", "phone 0049 30 901820"],
  ["(020) 7946 0018", "phone (020) 7946 0018"],
  ["(555) 123-4567 2024", "phone (555) 123-4567"],
  ["555-123-4567", "phone 555-123-4567"],
  ["id 7 555-123-4567,42", "phone 555-123-4567"],
  ["555.123.4567 x12", "phone 555.123.4567"],
  ["1-800-555-0199", "phone 1-800-555-0199"],
  ["020 7946 0018", "phone 020 7946 0018"],
  ["030/1234567", "phone 030/1234567"],
  ["0171-1234567", "phone 0171-1234567"],
  ["06 12 34 56 78", "phone 06 12 34 56 78"],
  ["01.23.45.67.89", "phone 01.23.45.67.89"],
  ["044 668 18 00", "phone 044 668 18 00"],
  ["Phone: 1234 5678", "phone 1234 5678"],
  ["fax no. 222 33 44", "phone 222 33 44"],
  ["?tel=%2B4930901820", "phone +4930901820"],
  // IP addresses
  ["from 10.20.30.41 port 22", "ip 10.20.30.41"],
  ["10.0.0.0/8", "ip 10.0.0.0"],
  ["http://192.168.1.10:8080/x", "ip 192.168.1.10"],
  ["peer 10.0.0.1.", "ip 10.0.0.1"],
  ["root@10.0.0.1", "ip 10.0.0.1"],
  ["access-10.0.0.1.log.gz", "ip 10.0.0.1"],
  ["ip-10-0-3-17.ec2.internal", "ip 10-0-3-17"],
  ["'10.0.0.1','10.0.0.2'", "ip 10.0.0.1", "ip 10.0.0.2"],
  ["2001:db8::8a2e:370:7334", "ip 2001:db8::8a2e:370:7334"],
  ["2001:0DB8:85A3:0000:0000:8A2E:0370:7334", "ip 2001:0DB8:85A3:0000:0000:8A2E:0370:7334"],
  ["[::1]:8080", "ip ::1"],
  ["::ffff:10.0.0.1", "ip ::ffff:10.0.0.1"],
  ["fe80::1%eth0 up", "ip fe80::1%eth0"],
  ["client:2001:db8::1:error", "ip 2001:db8::1"],
  ["src:fe80::1, dst:fe80::2", "ip fe80::1", "ip fe80::2"],
  ["from fe80::1: timeout", "ip fe80::1"],
  ["64:ff9b::192.0.2.33", "ip 64:ff9b::192.0.2.33"],
  ["2001:db8::/32", "ip 2001:db8::"],
  // MAC addresses
  ["ether 00:1a:2b:3c:4d:5e txqueuelen", "mac 00:1a:2b:3c:4d:5e"],
  ["00-1A-2B-3C-4D-5E", "mac 00-1A-2B-3C-4D-5E"],
  ["001a.2b3c.4d5e", "mac 001a.2b3c.4d5e"],
  ["node:aa:bb:cc:dd:ee:ff", "mac aa:bb:cc:dd:ee:ff"],
  ["eui 00:1a:2b:ff:fe:3c:4d:5e", "mac 00:1a:2b:ff:fe:3c:4d:5e"],
  ["00-15-17-73-45-67", "mac 00-15-17-73-45-67"],
  // cards
  ["4111 1111 1111 1111", "card 4111 1111 1111 1111"],
  ["4111-1111-1111-1111", "card 4111-1111-1111-1111"],
  ["pan=4111111111111111,42", "card 4111111111111111"],
  ["7,5500005555555559", "card 5500005555555559"],
  ["2221000000000009", "card 2221000000000009"],
  ["3782 822463 10005", "card 3782 822463 10005"],
  ["30569309025904", "card 30569309025904"],
  ["6011111111111117", "card 6011111111111117"],
  ["3530111333300000", "card 3530111333300000"],
  ["4222222222222", "card 4222222222222"],
  ["6304000000000000", "card 6304000000000000"],
  ["card 1234 4111 1111 1111 1111", "card 4111 1111 1111 1111"],
  ["order_4012888888881881.csv", "card 4012888888881881"],
  // account numbers
  ["DE89 3704 0044 0532 0130 00 EUR", "iban DE89 3704 0044 0532 0130 00"],
  ["GB82WEST12345698765432", "iban GB82WEST12345698765432"],
  ["fr14 2004 1010 0505 0001 3m02 606", "iban fr14 2004 1010 0505 0001 3m02 606"],
  ["IBAN:NL91ABNA0417164300,", "iban NL91ABNA0417164300"],
  ["BE68 5390 0754 7034", "iban BE68 5390 0754 7034"],
  ["NO93 8601 1117 947", "iban NO93 8601 1117 947"],
  ["MT84MALT011000012345MTLCAST001S", "iban MT84MALT011000012345MTLCAST001S"],
  ["ES91-2100-0418-4502-0005-1332", "iban ES91-2100-0418-4502-0005-1332"],
  ["CH9300762011623852957", "iban CH9300762011623852957"],
  // secrets of a known shape
  [`key ${AWS} leaked`, `secret ${AWS}`],
  [`https://x:${GITHUB}@github.com/a/b`, `secret ${GITHUB}`],
  ["github_pat_" + "11ABCDEFG0aBcDeFgHiJkL_x", "secret github_pat_11ABCDEFG0aBcDeFgHiJkL_x"],
  [SLACK, `secret ${SLACK}`],
  [
    "https://hooks.slack.com/services/" + "T00000000/B00000000/abcdefghijklmnopqrstuvwx",
    "secret T00000000/B00000000/abcdefghijklmnopqrstuvwx",
  ],
  [`got ${JWT}.`, `secret ${JWT}`],
  [
    "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "secret AIzaSyA1234567890abcdefghijklmnopqrstuv",
  ],
  ["sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", "secret sk_live_4eC39HqLyjWDarjtT1zdp7dc"],
  [`pem ${PEM} end`, `secret ${PEM}`],
  // credentials
  [`Authorization: Bearer ${HEX}`, `secret ${HEX}`],
  ["authorization: Basic dXNlcjpwYXNz", "secret dXNlcjpwYXNz"],
  ["curl -H 'X-Api-Key: s3cr3t!'", "secret s3cr3t!"],
  ["postgres://svc:p4ss.word@db.example.org:5432/x", "secret p4ss.word"],
  ["redis://:hunter2@10.0.0.1:6379", "secret hunter2", "ip 10.0.0.1"],
  // names that say so
  ["password=hunter2 next", "secret hunter2"],
  ["DB_PASSWORD: hunter2", "secret hunter2"],
  ["api_key=abc", "secret abc"],
  ["apiKey: 'a b c'", "secret a b c"],
  ['{"client_secret":"q\\"w"}', 'secret q\\"w'],
  ['"{\\"password\\":\\"hunter2\\"}"', "secret hunter2"],
  ["config['secret_key'] = \"xyz\"", "secret xyz"],
  ["?api_key=abc&x=1", "secret abc"],
  ["login --password hunter2 --user x", "secret hunter2"],
  ["ALTER ROLE svc WITH PASSWORD 'hunter2';", "secret hunter2"],
  ["CREATE USER a IDENTIFIED BY 'hunter2'", "secret hunter2"],
  ["<password>hunter2</password>", "secret hunter2"],
  ["passwd = letmein\n", "secret letmein"],
  ["AccountKey=Eby8vdM02xNOcqFlqUwJPLlm==;x", "secret Eby8vdM02xNOcqFlqUwJPLlm=="],
  ["aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "secret wJalrXUtnFEMI/K7MDENG"],
  [`token=${HEX}`, `secret ${HEX}`],
  ["session: Zm9vYmFyMTIzNDU2Nzg5MA==", "secret Zm9vYmFyMTIzNDU2Nzg5MA=="],
  ["pass=hunter2", "secret hunter2"],
  ["password%3Dhunter2%26x", "secret hunter2"],
  // names
  ["asked ANN LEE, then Al.", "name ANN LEE", "name Al"],
  ["ann_lee-report.csv", "name ann_lee"],
  ["Zoe Muller", "name Zoe Muller"],
  ["Zoe\u0308 Mu\u0308ller's", "name Zoe\u0308 Mu\u0308ller"],
  ["Ann%20Lee", "name Ann Lee"],
  ["db-07.internal DB_07", "name db-07", "name DB_07"],
  ["/srv/contoso/data", "name contoso"],
  ["the C++ Guild met", "name C++ Guild"],
  ["田中さん", "name 田中"],
];

test.each(POSITIVE)("%s", (text, ...values) => {
  // A name is given as it is listed; here as it stands in the text.
  const found = find(text).map((item) =>
    item.kind === "name" && !text.includes("%")
      ? `name ${text.slice(item.start, item.end)}`
      : `${item.kind} ${item.value}`,
  );
  expect(found).toEqual(values);
});

const NEGATIVE: readonly string[] = [
  // versions
  ...["v1.2.3.4", "version 1.2.3.4", "Version: 10.0.0.1", "release 4.3.2.1", "build=1.2.3.4"],
  ...["1.2.3.4-beta2", "libfoo-1.2.3.4.jar", "Chrome/114.0.5735.90", "Firefox/1.2.3.4", "1.2.3"],
  ...["1.2.3.4.5", "1.3.6.1.4.1.311", "lodash@4.17.21", "@types/node@20.19.43", "section 1.2.3.4"],
  // times and dates
  ...["12:30:45", "12:30:45.123", "2024-05-01", "2024-05-01 12:30:45", "2024-05-01T12:30:45.123Z"],
  ...["2024-05-01T12:30:45+02:00", "01/May/2024:12:30:45 +1000", "01.05.2024 12:30", "01-05-2024"],
  ...["05/01/2024 10:11:12", "20240501T123045", "00:01:02.123456", "1.10.2024.5.1", "+2024-05-01"],
  ...[
    "log-24-05-01-12-30-45.txt",
    "Wed May  1 12:30:45 2024",
    "01.05.24 08:00",
    "P3DT4H",
    "3h 12m 5s",
  ],
  // numbers
  ...["1714559445", "1714559445123", "1714559445123456", "1714559445123456789", "+1714559445"],
  ...["1 234 567", "1,234,567", "1 234 567 890", "12 345 678.90", "0.1410", "+12 345 678"],
  ...[
    "3.141592653589793",
    "-0.00012",
    "1e+12345678",
    "+12345678.90",
    "+48.8566",
    "0.4111111111111111",
  ],
  ...[
    "5551234567",
    "02079460018",
    "rows 123456 of 7654321",
    "200 123 4567",
    "0644 1048576",
    "12 345",
  ],
  ...[
    "00 11 22 33 44 55 66 77",
    "01 02 03 04 05 06 07 08",
    "512 1024 2048",
    "192-168",
    "6.02214076",
  ],
  // hashes and ids
  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "commit 17be64ec1f0d2a5b3c4d5e6f7a8b9c0d1e2f3a4b",
  "17be64e Of many events",
  "550e8400-e29b-41d4-a716-446655440000",
  "request_id=550e8400-e29b-41d4-a716-446655440000",
  "sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "cache_key=9f86d081884c7d659a2feaa0c55ad015",
  "MD5:9f:86:d0:81:88:4c:7d:65:9a:2f:ea:a0:c5:5a:d0:15",
  "INC-555-123-4567",
  "SKU 4111111111111112",
  "order 1234567812345670",
  "9999888877776666",
  "4111 1111 1111 1112",
  "550000555555555",
  // account numbers that are none
  ...["DE89 3704 0044 0532 0130 01", "GB82WEST12345698765433", "XX89370400440532013000"],
  ...["FR1420041010050500013M02607", "DE8937040044053201300", "NL91ABNA0417164301"],
  // code, paths, positions
  ...["std::vector", "x::DOUBLE", "(b)::DATE", " :: ", "x[::2]", "Cafe::Add", "face::dead", "a::b"],
  ...[
    "src/app.ts:120:15",
    "main.c:10:2: error",
    "at foo (file.js:12:34)",
    "C:\\Users\\data\\x.csv",
  ],
  ...["user@host", "@Override", "user@1000.service", "icon@2x.png", "a @ b.c", "me@"],
  // words beside secrets
  ...["password: must be changed", "wrong password: try again", "password=", "password = ?"],
  ...[
    "password=${DB_PASSWORD}",
    "password = config.password",
    "password: string;",
    "max_tokens=4096",
  ],
  ...[
    "token: expired",
    "Bearer authentication",
    "bearer of bad news",
    "primary_key=id",
    "key=value",
  ],
  ...["password=$1", "secret=true", "--password-file x.txt", "token_count: 512", "monkey=banana"],
  ...["pass: 34, fail: 2", "key: app/config/settings.json", "SELECT password, token FROM users"],
  ...["-----BEGIN PUBLIC KEY-----", "password=****", "getPassword()", "password=getPassword()"],
  // names only as whole words
  ...["total", "also", "Alan", "Annlee", "xdb-07", "db-071", "Contosos"],
  // pseudonyms
  ...["[email 1] wrote to [name 12]", "password=[secret 1]", "https://x:[secret 2]@[ip 3]/"],
];

test.each(NEGATIVE)("%s holds nothing", (text) => {
  expect(find(text)).toEqual([]);
});

test("the lists are as long as they should be", () => {
  expect(POSITIVE.length).toBeGreaterThanOrEqual(80);
  expect(NEGATIVE.length).toBeGreaterThanOrEqual(80);
});

test("only the kinds that are asked for", () => {
  const text = "Ann Lee, ann@example.org, 10.0.0.1, password=hunter2";
  expect(find(text, ["ip"]).map(({ kind }) => kind)).toEqual(["ip"]);
  expect(find(text, ["email", "name"]).map(({ value }) => value)).toEqual([
    "Ann Lee",
    "ann@example.org",
  ]);
  expect(find(text, [])).toEqual([]);
});

test("offsets are those of the text as written", () => {
  const text = 'a%C3%A9 &amp; "b\\u00e9" bob%40example.org!';
  const [item] = find(text);
  expect(text.slice(item!.start, item!.end)).toBe("bob%40example.org");
});

test("a private key that was cut off ends with its last line", () => {
  const line = "MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn";
  const text = `x\n-----BEGIN PRIVATE KEY-----\n${line}\n${line}\nnext line of the log`;
  const [item] = find(text);
  expect(text.slice(item!.end)).toBe("\nnext line of the log");
});

const MEGABYTE = 1 << 20;

test.each([
  ...["a", "1", "@", "+", ":", ".", "-", "=", "%", "\\", " ", "/", "'", "[", "&", "0", "٣"],
  ...["a@", "1.", "+1 ", "1-", "f:", "::", "a.", "key=", "password=", 'password="', "://a:", "00 "],
  ...[
    "-----BEGIN PRIVATE KEY-----",
    "eyJ.",
    "DE89 ",
    "ff-",
    "%4",
    "\\\\",
    "&#",
    "token: ",
    "(0",
    "[email 1",
  ],
])("a line of one megabyte of %j ends", (piece) => {
  const text = piece.repeat(Math.ceil(MEGABYTE / piece.length));
  const found = find(`${text} bob@example.org ${text}`);
  expect(
    found.some(
      ({ value }) => value.endsWith("bob@example.org") || value.includes(text.slice(0, 9)),
    ),
  ).toBe(true);
});
