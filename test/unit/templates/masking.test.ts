import { describe, expect, test } from "vitest";
import { addMessage, masked, tableOf } from "./shapes.ts";

const TABLE: readonly (readonly [string, string])[] = [
  // Numbers, with signs, fractions and units.
  ["took 17 ms", "took <*> ms"],
  ["took 65020ms (threshold=30000ms)", "took <*> (threshold=<*>)"],
  ["vCores:-17> at .5 and 1e-6", "vCores:<*>> at <*> and <*>"],
  ["95% of 1,024", "<*>% of <*>,<*>"],
  // Hexadecimal numbers and digests.
  ["at 0x7f3a and 33557fe4", "at <*> and <*>"],
  ["mask ffffffff, facade, deadbeef", "mask <*>, facade, <*>"],
  // Identifiers.
  ["block blk_-1608999687919862906 and rdd_42_20", "block <*> and <*>"],
  ["id 54fadb41-2c4e-40cd-baed-9335e4c35a9e done", "id <*> done"],
  ["on rack-unit-41, node-31, CPU#0", "on <*>, node-<*>, CPU#<*>"],
  ["generating core.2275", "generating core.<*>"],
  ["QuorumServer@33557fe4 up", "QuorumServer@<*> up"],
  // Words with a few digits are kept here: merging decides by how they vary.
  ["port 22 ssh2 on eth0, L1 of x86", "port <*> ssh2 on eth0, L1 of x86"],
  ["version v1.0.0 of lib2", "version <*> of lib2"],
  // Addresses.
  ["from 10.0.0.1:8080 to /10.0.0.2", "from <*>:<*> to <*>"],
  ["via fe80::1 and 2001:db8::8a2e:370:7334", "via <*> and <*>"],
  ["DISCOVER from 00:11:43:e3:ba:c3 via", "DISCOVER from <*> via"],
  ["host db1.eu.example.com and mail.example.de", "host <*> and <*>"],
  ["mail bob@example.com now", "mail <*> now"],
  ["class com.example.net.Client and java.net", "class com.example.net.Client and java.net"],
  // Paths and URLs.
  ["read /etc/hosts, ./x, ~/y and read/write", "read <*>, <*>, <*> and read/write"],
  ["open C:\\Windows\\system32 now", "open <*> now"],
  ["get http://a.b/c?d=1, https://x.y/z.", "get http://<*>, https://<*>."],
  // Times.
  ["at 07:07:00 on 2024-05-01", "at <*> on <*>"],
  ["at Fri Jun 17 07:07:00 2005 by me", "at <*> by me"],
  ["since May 1, may be", "since <*>, may be"],
  ["at 2015-10-17T15:37:56.123Z it", "at <*> it"],
  ["Mon ami, Sun shines", "Mon ami, Sun shines"],
  ["lifetime 00:07, lifetime <1 sec, <0>", "lifetime <*>, lifetime <*> sec, <<*>>"],
  // A request is what follows its method.
  ['"GET /v2/servers?limit=1&x=y HTTP/1.1" 200', '"GET <*>" <*>'],
  ["POST https://a.example.com/b done", "POST <*> done"],
  ["GET ready for /a/b", "GET ready for <*>"],
  // Truth values and what stands for nothing.
  ["ready=true, next: null, path:n/a", "ready=<*>, next: <*>, path:<*>"],
  // Sentences, quotes, leaders.
  ["Retry 3. Can't find 'x'...", "Retry <*>. Can't find 'x'..."],
  ["enable...............1", "enable...............<*>"],
  ["to /a/part-00590. blk_17", "to <*> <*>"],
  ["to /a/part-00590. Next", "to <*>. Next"],
  // Only the first line tells the statement.
  ["Failed\n  at a (b.js:1)\n  at c", "Failed<*>"],
  ["  padded  ", "padded"],
  ["größe 5 µs", "größe <*> µs"],
  ["", ""],
];

describe("masking", () => {
  test.each(TABLE)("%s", (message, wanted) => {
    expect(masked(message)).toBe(wanted);
  });

  test("what is masked does not change the shape; anything else does", () => {
    const table = tableOf([]);
    const id = addMessage(table, "Failed password for root from 10.0.0.1 port 22 ssh2");
    expect(addMessage(table, "Failed password for root from 10.9.9.9 port 4711 ssh2")).toBe(id);
    expect(addMessage(table, "Failed password for root from 10.9.9.9 port 4711 ssh1")).not.toBe(id);
    expect(addMessage(table, "Failed  password for root from 10.0.0.1 port 22 ssh2")).not.toBe(id);
    expect(table.shapes().map(({ count }) => count)).toEqual([2, 1, 1]);
    expect(Number.isSafeInteger(id)).toBe(true);
  });

  test("bytes around a message have no say", () => {
    for (const [message] of TABLE) {
      const bytes = new TextEncoder().encode(`9:/a${message}9:/Mon 5`);
      const end = bytes.length - "9:/Mon 5".length;
      const table = tableOf([message]);
      expect(table.add(bytes, 4, end), message).toBe(table.shapes()[0]?.id);
    }
  });

  test("a shape id is the same in every version of the program", () => {
    // Case journals hold these ids: a change of the masking must be one on purpose.
    const [shape] = tableOf(["Connection from 10.0.0.1 closed after 17 ms"]).shapes();
    expect(shape?.id).toMatchInlineSnapshot(`2005883832703037`);
  });

  test("a message of any length is one shape of bounded size", () => {
    const [shape] = tableOf(["word ".repeat(100_000)]).shapes();
    expect(shape?.texts.length).toBeLessThan(520);
    expect(shape?.example.length).toBeLessThan(5000);
  });

  test("too many shapes are counted by first word and length, and none is lost", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const words = Array.from(letters).flatMap((a) => Array.from(letters, (b) => `${a}${b}`));
    const table = tableOf(
      words.flatMap((word) => [`seen ${word}`, `lost ${word} here`]),
      { mostShapes: 100 },
    );
    const shapes = table.shapes();
    expect(shapes.length).toBeLessThanOrEqual(111);
    expect(shapes.reduce((sum, { count }) => sum + count, 0)).toBe(words.length * 2);
    const overflow = shapes.filter(({ isOverflow }) => isOverflow);
    expect(overflow.map(({ texts }) => texts[0]).sort()).toEqual(["lost", "seen"]);
  });
});
