import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeShapes } from "../../../shared/templates/merge-shapes.ts";
import type { Shape } from "../../../shared/templates/shape.ts";
import { addMessage, shapesOf, tableOf } from "./shapes.ts";

function textsOf(messages: readonly string[]): string[] {
  return mergeShapes(shapesOf(messages))
    .map(({ text }) => text)
    .sort();
}

const USERS = ["cyrus", "news", "backup", "alice", "bob"];

describe("what is one statement", () => {
  test("words that differ in one place are values when there are enough of them", () => {
    expect(textsOf(USERS.map((user) => `session closed for user ${user}`))).toEqual([
      "session closed for user <*>",
    ]);
    expect(textsOf(["Checking hlt instruction", "Checking fpu instruction"])).toHaveLength(2);
  });

  test("states in capitals and services that start stay apart", () => {
    const states = ["NEW", "SETUP", "RUNNING", "FAILED", "KILLED", "SUCCEEDED"];
    expect(textsOf(states.map((state) => `Job changed to ${state} now`))).toHaveLength(6);
    const services = ["cupsd", "syslogd", "klogd", "portmap", "hcid", "sdpd"];
    expect(textsOf(services.map((name) => `${name} startup succeeded`))).toHaveLength(6);
  });

  test("two places at once", () => {
    const hosts = ["oak", "elm", "ash", "fir", "yew"];
    const messages = Array.from({ length: 25 }, (_, i) => {
      const user = `${USERS[i % 5] ?? ""}${USERS[(i * 2 + 1) % 5] ?? ""}`;
      return `access of account ${user} refused by gateway ${hosts[Math.floor(i / 5)] ?? ""} policy`;
    });
    expect(textsOf(messages)).toEqual(["access of account <*> refused by gateway <*> policy"]);
  });

  test("names with digits", () => {
    expect(textsOf(["link eth0 is up", "link eth1 is up"])).toEqual(["link <*> is up"]);
    expect(textsOf(["Accepted password for bob from 1.2.3.4 port 9 ssh2"])).toEqual([
      "Accepted password for bob from <*> port <*> ssh2",
    ]);
  });

  test("a value may be left out between brackets and behind an equals sign", () => {
    expect(
      textsOf(["connection from 1.2.3.4 ()", "connection from 1.2.3.4 (a.example.com)"]),
    ).toEqual(["connection from <*> (<*>)"]);
    expect(textsOf(["login tty= by 5", "login tty=7 by 5"])).toEqual(["login tty=<*> by <*>"]);
    expect(textsOf(["init() ok"])).toEqual(["init() ok"]);
  });

  test("lists of any length; a fixed number of values is no list", () => {
    expect(textsOf(["delete blk_1", "delete blk_2 blk_3", "delete blk_4 blk_5 blk_6"])).toEqual([
      "delete <*>",
    ]);
    expect(textsOf(["child init 1 -2", "child init 3 -1"])).toEqual(["child init <*> <*>"]);
  });

  test("a unit that goes with the size belongs to the value", () => {
    expect(textsOf(["free 1.5 KB left", "free 20 B left"])).toEqual(["free <*> left"]);
    expect(textsOf(["free 1.5 KB left", "free 20 KB left"])).toEqual(["free <*> KB left"]);
    expect(textsOf(["lifetime <1 sec", "lifetime 00:07"])).toEqual(["lifetime <*>"]);
  });

  test("a listing of properties", () => {
    expect(
      textsOf([
        "Server environment:os.name=Linux",
        "Server environment:java.vendor=Oracle Corporation",
        "Server environment:user.home=/root",
        "Server environment:java.version=1.7.0, 64 bit",
      ]),
    ).toEqual(["Server environment:<*>"]);
  });

  test("text of any length between quotes", () => {
    expect(
      textsOf(['job "clean up" was run', 'job "mail" was run', 'job "sync all disks" was run']),
    ).toEqual(['job "<*>" was run']);
  });

  test("several places that never repeat", () => {
    const word = (n: number) => `${USERS[n % 5] ?? ""}${USERS[Math.floor(n / 5) % 5] ?? ""}`;
    const messages = Array.from({ length: 25 }, (_, i) => {
      return `agent ${word(i)} moved shard ${word(i + 7)} over to worker ${word(i + 13)} today`;
    });
    expect(textsOf(messages)).toEqual(["agent <*> moved shard <*> over to worker <*> today"]);
  });

  test("blanks of any width", () => {
    expect(textsOf(["to delete  blk_1 now", "to delete blk_2 now"])).toEqual(["to delete <*> now"]);
  });
});

describe("order", () => {
  const messages = [
    ...USERS.map((user) => `session opened for user ${user} by (uid=0)`),
    ...USERS.map((user) => `Invalid user ${user} from 10.0.0.1`),
    ...["NEW", "DONE"].map((state) => `Job job_1 went to ${state}`),
    "delete blk_1",
    "delete  blk_1 blk_2",
    "connection from 1.2.3.4 ()",
    "connection from 1.2.3.4 (a.example.com)",
    "free 3 KB",
    "free 3 MB",
    "free 9 MB",
    "reading eth0",
    "reading eth1",
    'tag="View Lock" on',
    'tag="RILJ" on',
    'tag="a b c" on',
  ];
  const essence = (shapes: readonly Shape[]) =>
    mergeShapes(shapes).map(({ id, text, forms, shapeIds, count }) => {
      return { id, text, forms, shapeIds, count };
    });
  const wanted = essence(shapesOf(messages));

  test("any order of the lines gives the same templates", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(messages, { minLength: messages.length }), (shuffled) => {
        expect(essence(shapesOf(shuffled))).toEqual(wanted);
      }),
    );
  });

  test("any split into files gives the same templates", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }), (files) => {
        const tables = [0, 1, 2, 3].map((file) =>
          tableOf(messages.filter((_, i) => files[i] === file)),
        );
        expect(essence(tables.flatMap((table) => table.shapes()))).toEqual(wanted);
      }),
    );
  });

  test("lines that say nothing new change only counts", () => {
    const more = tableOf([...messages, ...messages]);
    addMessage(more, "Invalid user alice from 10.255.0.9");
    const ids = mergeShapes(more.shapes()).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
  });
});
