import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { delimitedImporter } from "../../../shared/importers/delimited.ts";
import { WidenColumn, type ImportPlan } from "../../../shared/importers/importer.ts";
import { openSource } from "../../../shared/importers/source.ts";
import { tableNameOf } from "../../../shared/importers/roles.ts";
import type { ImportOptions } from "../../../shared/model/evidence.ts";
import { readColumn } from "../../../shared/tables/rows.ts";
import { gzip, KeepingSink, sourceOf } from "../../support/sources.ts";

interface Read {
  readonly plan: ImportPlan;
  readonly sink: KeepingSink;
  /** Values by column. */
  readonly values: Record<string, unknown[]>;
}

async function read(
  content: string | Uint8Array,
  options: ImportOptions = {},
  settings: { name?: string; chunk?: number } = {},
): Promise<Read> {
  const source = await sourceOf(content, settings);
  const planned = await delimitedImporter.plan(source, options);
  if (!planned.ok) throw new Error(planned.error.message);
  const sink = new KeepingSink();
  await delimitedImporter.read(source, planned.value, sink);
  return {
    plan: planned.value,
    sink,
    get values() {
      const tables = sink.batches.map((b) => tableFromIPC(b));
      return Object.fromEntries(
        planned.value.batchColumns.map(({ name }) => [
          name,
          tables.flatMap((t) => readColumn(t, name)),
        ]),
      );
    },
  };
}

const types = (plan: ImportPlan): Record<string, string> =>
  Object.fromEntries(plan.columns.map((c) => [c.name, c.type]));
const roles = (plan: ImportPlan): Record<string, string> =>
  Object.fromEntries(plan.columns.map((c) => [c.name, c.role]));
const messages = (plan: ImportPlan): string => plan.notes.map((n) => n.message).join("\n");

const CHUNKS = [1, 2, 3, 7, 65536];

test("only true and false are boolean: other pairs keep their spelling", async () => {
  const content = "a,b,c\ntrue,yes,Y\nFalse,no,N\nTRUE,yes,Y\n";
  const { plan, values } = await read(content, { target: "own" });
  expect(types(plan)).toEqual({ a: "boolean", b: "varchar", c: "varchar" });
  expect(values).toMatchObject({ a: [true, false, true], b: ["yes", "no", "yes"] });
});

test.each(CHUNKS)("types, nulls and positions, for chunks of %i bytes", async (chunk) => {
  const content = [
    "id,at,score,ok,note",
    '1,2026-03-01T10:00:00Z,0.5,true,"a, ""quoted"" text"',
    '2,2026-03-01T10:00:01Z,NaN,false,"two\nlines"',
    "3,,1e5,,NULL",
    "4,2026-03-01T10:00:03Z,-inf,true,grün",
  ].join("\r\n");
  const { plan, sink, values } = await read(content, { target: "own" }, { chunk });
  expect(types(plan)).toEqual({
    id: "bigint",
    at: "timestamp",
    score: "double",
    ok: "boolean",
    note: "varchar",
  });
  const start = Date.UTC(2026, 2, 1, 10) * 1000;
  expect(values).toEqual({
    id: [1, 2, 3, 4],
    at: [start, start + 1e6, null, start + 3e6],
    score: [0.5, NaN, 1e5, -Infinity],
    ok: [true, false, null, true],
    note: ['a, "quoted" text', "two\nlines", null, "grün"],
    _ev: [7, 7, 7, 7],
    _line: [2, 3, 5, 6],
    _off: ["id", "1,", "2,", "3,", "4,"]
      .map((s) => content.indexOf(s === "id" ? s : `\n${s}`) + (s === "id" ? 0 : 1))
      .slice(1),
  });
  expect(sink.rejects).toEqual([]);
  expect(sink.rows).toBe(4);
});

test.each([
  [",", "comma"],
  [";", "semicolon"],
  ["\t", "tab"],
  ["|", "pipe"],
])("delimiter %j is found", async (delimiter) => {
  const rows = [
    ["name", "n", "x"],
    ["a", "1", "2.5"],
    ["b", "2", "3.5"],
    ["c", "3", "4.5"],
  ];
  const { plan, values } = await read(rows.map((r) => r.join(delimiter)).join("\n"));
  expect(plan.options.delimiter).toBe(delimiter);
  expect(values["x"]).toEqual([2.5, 3.5, 4.5]);
});

test("a wrong delimiter that a person sets rejects nothing silently", async () => {
  const { plan, sink } = await read("a;b\n1,5;2\n3;4\n", { delimiter: "," });
  expect(plan.columns).toHaveLength(1);
  expect(sink.rows + sink.rejects.length).toBe(2);
  expect(sink.rejects[0]?.reason).toContain("2 fields");
});

test("numbers: decimal comma, groups, units, leading zeros, 64-bit integers", async () => {
  const content = [
    "comma;groups;unit;mixed;zip;big;code",
    "1,5;1.234.567,25;5.01 s;950 ms;01234;1674982122425293566;1",
    "2,25;12,5;6 s;1.5 s;99999;1674982122425293567;x2",
  ].join("\n");
  const { plan, values } = await read(content);
  expect(types(plan)).toMatchObject({
    comma: "double",
    groups: "double",
    unit: "double",
    mixed: "double",
    zip: "varchar",
    big: "bigint",
    code: "varchar",
  });
  expect(values).toMatchObject({
    comma: [1.5, 2.25],
    groups: [1234567.25, 12.5],
    unit: [5.01, 6],
    mixed: [0.95, 1.5],
    zip: ["01234", "99999"],
  });
  expect(plan.columns.find((c) => c.name === "unit")?.unit).toBe("s");
  const english = await read('v,n\n"1,234.5",1\n"7,000,000",2\n12,3\n');
  expect(english.values["v"]).toEqual([1234.5, 7000000, 12]);
});

test("no header, a header alone, comments and a declared separator", async () => {
  const none = await read("2014-04-02 14:29:00,0.066\n2014-04-02 14:34:00,0.07\n", {
    target: "own",
  });
  expect(none.sink.rows).toBe(2);
  expect(none.plan.columns.map((c) => c.name)).toEqual(["column_1", "column_2"]);
  const alone = await read("time,service,value\n");
  expect(alone.sink.rows).toBe(0);
  expect(messages(alone.plan)).toContain("no rows");
  const commented = await read("# made by x\n# at y\na,b\n1,2\n");
  expect(commented.values).toMatchObject({ a: [1], b: [2], _line: [4] });
  const declared = await read("sep=;\na;b\n1;2\n");
  expect(declared.values).toMatchObject({ a: [1], b: [2] });
});

test("a header of several rows with the name of the index", async () => {
  const content = [
    "microservice,cart,cart,web",
    "metric,latency,errors,latency",
    "statistic,p50,sum,p50",
    "unix_timestamp,,,",
    "1692608400.0,0.5,,0.25",
    "1692608700.0,0.6,3,",
  ].join("\n");
  const { plan, sink, values } = await read(content, {}, { name: "metrics.csv" });
  expect(plan.options.headerRows).toBe(4);
  expect(plan.target).toBe("metrics");
  expect(sink).toMatchObject({ rows: 2, tableRows: 4 });
  expect(values).toMatchObject({
    series: [
      "cart / latency / p50",
      "web / latency / p50",
      "cart / latency / p50",
      "cart / errors / sum",
    ],
    name: ["latency / p50", "latency / p50", "latency / p50", "errors / sum"],
    service: ["cart", "web", "cart", "cart"],
    value: [0.5, 0.25, 0.6, 3],
  });
});

test("duplicate names, also in another case, are told apart with a warning", async () => {
  const { plan, values } = await read("x,X,x,_ev,\n1,2,3,4,5\n6,7,8,9,10\n");
  expect(plan.columns.map((c) => c.name)).toEqual(["x", "X_2", "x_3", "_ev_2", "column_5"]);
  expect(values).toMatchObject({ x: [1, 6], X_2: [2, 7], x_3: [3, 8] });
  expect(messages(plan)).toContain("“x_3”");
});

test("wide and long metrics, logs, events, spans and models are told apart", async () => {
  const times = ["10:00", "10:01", "10:02", "10:03"].map((t) => `2026-03-01T${t}:00Z`);
  const rows = (header: string, row: (t: string, i: number) => string): string =>
    [header, ...times.map(row)].join("\n");
  const wide = await read(rows("time,cpu,latency_ms", (t, i) => `${t},${i},${i * 1.5}`));
  expect(wide.plan).toMatchObject({ target: "metrics", options: { layout: "wide" } });
  expect(wide.values["unit"]).toEqual([null, "ms", null, "ms", null, "ms", null, "ms"]);
  const long = await read(
    rows("timestamp,service,metric,value,zone", (t, i) => `${t},s${i % 2},cpu,${i}.5,a`),
  );
  expect(long.plan).toMatchObject({ target: "metrics", options: { layout: "long" } });
  expect(long.values["series"]?.[0]).toBe('cpu{service="s0",zone="a"}');
  expect(long.values["service"]).toEqual(["s0", "s1", "s0", "s1"]);
  const logs = await read(
    rows("Date,Host,Service,Status,Message", (t, i) => `${t},h1,cart,ok,"request ${i} took long"`),
  );
  expect(logs.plan.target).toBe("logs");
  expect(logs.values["fields"]?.[0]).toBe('{"Status":"ok"}');
  const events = await read(
    rows("time,title,author", (t, i) => `${t},deploy v${i},bo`),
    {},
    { name: "deploys.csv" },
  );
  expect(events.plan.target).toBe("events");
  expect(events.values["title"]?.[0]).toBe("deploy v0");
  const spans = await read(
    rows(
      "TraceID,SpanID,ParentID,Service,Name,StartTime,Duration",
      (t, i) => `t${i},s${i},root,cart,GET,${t},${i + 1}00`,
    ),
  );
  expect(spans.plan.target).toBe("spans");
  expect(spans.values).toMatchObject({
    duration: [100, 200, 300, 400],
    parent_id: [null, null, null, null],
  });
  const model = await read(
    rows(
      "timestamp,user_id,age,y_pred,y_pred_proba,y_true",
      (t, i) => `${t},${i * 17},${i + 20.5},1,0.${i},0`,
    ),
  );
  expect(model.plan.target).toBe("own");
  expect(roles(model.plan)).toEqual({
    timestamp: "timestamp",
    user_id: "entity",
    age: "feature",
    y_pred: "prediction",
    y_pred_proba: "score",
    y_true: "label",
  });
});

test("a person's roles, types and target win", async () => {
  const { plan, values } = await read("a,b\n1,2\n3,4\n", {
    types: { a: "varchar" },
    roles: { b: "label" },
    target: "own",
    table: "mine",
  });
  expect(types(plan)).toEqual({ a: "varchar", b: "bigint" });
  expect(plan.columns[1]).toMatchObject({ role: "label", reason: "set by you" });
  expect(plan.table).toBe("mine");
  expect(values["a"]).toEqual(["1", "3"]);
});

test("times: zone, ambiguity and the note on either", async () => {
  const berlin = await read("t,v\n2026-07-01 12:00:00,1\n2026-07-01 12:01:00,2\n", {
    timezone: "Europe/Berlin",
  });
  expect(berlin.values["ts"]?.[0]).toBe(Date.UTC(2026, 6, 1, 10) * 1000);
  expect(messages(berlin.plan)).toBe("");
  const none = await read("t,v\n2026-07-01 12:00:00,1\n2026-07-01 12:01:00,2\n");
  expect(messages(none.plan)).toContain("carry no zone");
  const swapped = await read("date,v\n01/02/2026,1\n01/03/2026,2\n", { target: "own" });
  expect(messages(swapped.plan)).toContain("month/day/year");
  const dayFirst = await read("date,v\n01/02/2026,1\n01/03/2026,2\n", {
    target: "own",
    dayFirst: true,
  });
  expect(dayFirst.values["date"]?.[0]).toBe(Date.UTC(2026, 1, 1) * 1000);
});

test.each(CHUNKS)(
  "ragged rows are rejected with their line and reason, for chunks of %i bytes",
  async (chunk) => {
    const { sink, values } = await read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n\n10,11,12\n", {}, { chunk });
    expect(values["a"]).toEqual([1, 10]);
    expect(sink.rejects).toEqual([
      { line: 3, offset: 12, reason: "has 2 fields, the header has 3", text: "4,5" },
      { line: 4, offset: 16, reason: "has 4 fields, the header has 3", text: "6,7,8,9" },
    ]);
    expect([...sink.notes.keys()].join()).toContain("1 blank lines");
  },
);

test.each(CHUNKS)(
  "an unterminated quote costs its own line, for chunks of %i bytes",
  async (chunk) => {
    const rows = Array.from({ length: 50 }, (_, i) => `${i},"text ${i}"`);
    rows[20] = '20,"never closed';
    for (const content of [rows, [...rows.slice(0, 45), '45,"open to the end']]) {
      const { sink, values } = await read(["n,t", ...content].join("\n"), {}, { chunk });
      const bad = content.flatMap((r, i) => (r.endsWith('"') ? [] : [i + 2]));
      expect(sink.rejects.map((r) => r.line)).toEqual(bad);
      expect(sink.rejects[0]?.reason).toContain("quote");
      expect(values["n"]).toHaveLength(content.length - bad.length);
    }
  },
);

test("backslash escapes are understood where they are used", async () => {
  const { values } = await read('a,b\n1,"say \\"hi\\", ok"\n2,"back\\\\slash"\n');
  expect(values["b"]).toEqual(['say "hi", ok', "back\\slash"]);
  const path = await read('a,b\n1,"C:\\dir\\"\n2,"say ""hi"""\n');
  expect(path.values["b"]).toEqual(["C:\\dir\\", 'say "hi"']);
});

test.each(["utf16le", "latin1"] as const)("%s is read", async (encoding) => {
  const mark = encoding === "utf16le" ? "\ufeff" : "";
  const bytes = Buffer.from(`${mark}straße,größe,n\nä,ö,1\nü,ß,2\n`, encoding);
  const { values, sink } = await read(bytes, {}, { chunk: 3 });
  expect(values).toMatchObject({ straße: ["ä", "ü"], größe: ["ö", "ß"], n: [1, 2] });
  expect(values["_off"]?.[0]).toBe(encoding === "utf16le" ? null : 15);
  expect(sink.rows).toBe(2);
});

test("mixed encodings are repaired by record and counted", async () => {
  const bytes = Buffer.concat([
    Buffer.from("a,n\nä,1\nö,2\nü,3\n"),
    Buffer.from("é,4\n", "latin1"),
    Buffer.from("ß,5\n"),
  ]);
  const { values, sink } = await read(bytes);
  expect(values["a"]).toEqual(["ä", "ö", "ü", "é", "ß"]);
  expect([...sink.notes]).toEqual([["Bytes that are not UTF-8 were read as Windows-1252.", 1]]);
});

test("empty and binary files are refused with a reason", async () => {
  const kind = async (bytes: Uint8Array): Promise<string> => {
    const planned = await delimitedImporter.plan(await sourceOf(bytes), {});
    return planned.ok ? "ok" : planned.error.kind;
  };
  expect(await kind(new Uint8Array(0))).toBe("empty");
  expect(await kind(Buffer.from("\n\n"))).toBe("empty");
  expect(await kind(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]))).toBe("binary");
  expect(delimitedImporter.detect(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), "x.csv")).toBe(0);
});

test("detection: tables yes, logs and JSON no", () => {
  const detect = (text: string, name = "unknown"): number =>
    delimitedImporter.detect(Buffer.from(text), name);
  const table = "a,b,c\n1,2,3\n4,5,6\n";
  expect(detect(table, "x.csv")).toBeGreaterThan(0.9);
  expect(detect(table)).toBeGreaterThan(0.5);
  expect(detect('{"a":1,"b":2}\n{"a":3,"b":4}\n')).toBe(0);
  expect(
    detect(
      "2026-03-01 10:00:00,123 [main] ERROR c.x.Pay - boom, again\n2026-03-01 10:00:00,124 [main] INFO c.x.Pay - fine\n",
    ),
  ).toBeLessThan(0.5);
  expect(detect("just a line\nand another\n")).toBe(0);
});

test("gzip cut in half: complete records stay, the last is rejected", async () => {
  const rows = Array.from(
    { length: 40_000 },
    (_, i) => `${i},${(i * 7919) % 10007},"x ${Math.sin(i)}"`,
  );
  const whole = gzip(["id,n,t", ...rows].join("\n"));
  const { sink, values } = await read(
    whole.subarray(0, whole.length / 2),
    {},
    { name: "a.csv.gz" },
  );
  const n = values["id"]?.length ?? 0;
  expect(n).toBeGreaterThan(10_000);
  expect(values["id"]).toEqual(Array.from({ length: n }, (_, i) => i));
  expect(sink.rejects).toHaveLength(1);
  expect(sink.rejects[0]).toMatchObject({ line: n + 2 });
  expect(sink.rejects[0]?.reason).toContain("cut off");
});

const PAST_SAMPLE = Array.from({ length: 150_000 }, (_, i) => `${i},${i % 100}`);

test("a wider value beyond the sample asks for a wider type; a stray one is rejected", async () => {
  const widen = async (cell: string): Promise<WidenColumn | null> => {
    try {
      await read(["id,n", ...PAST_SAMPLE, `5,${cell}`].join("\n"));
      return null;
    } catch (thrown) {
      if (thrown instanceof WidenColumn) return thrown;
      throw thrown;
    }
  };
  expect(await widen("1.5")).toMatchObject({ column: "n", to: "double" });
  expect(await widen("007")).toMatchObject({ column: "n", to: "varchar" });
  expect(await widen("abc")).toBeNull();
  const { sink } = await read(["id,n", ...PAST_SAMPLE, "5,abc"].join("\n"));
  expect(sink.rejects).toMatchObject([
    { line: 150_002, reason: "column n: 'abc' is not an integer", text: "5,abc" },
  ]);
  const many = Array.from({ length: 101 }, () => "5,abc");
  await expect(read(["id,n", ...PAST_SAMPLE, ...many].join("\n"))).rejects.toMatchObject({
    column: "n",
    to: "varchar",
  });
});

test("generated tables: rows and rejects add up and values come back, for any chunking", async () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.stringMatching(/^[a-z ,"\n;|]{0,8}$/),
    fc.constantFrom('"', '""', "a\r\nb", ",", "ä€😀"),
  );
  const row = fc.tuple(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), cell);
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom("\n", "\r\n"),
      async (rows, chunk, eol) => {
        const content =
          ["count,level,text", ...rows.map(([n, x, t]) => `${n},${x},${quote(t)}`)].join(eol) + eol;
        const options: ImportOptions = {
          target: "own",
          delimiter: ",",
          headerRows: 1,
          types: { count: "bigint", level: "double", text: "varchar" },
        };
        const { sink, values } = await read(content, options, { chunk });
        expect(sink.rows + sink.rejects.length).toBe(rows.length);
        expect(sink.rejects).toEqual([]);
        expect(values["count"]).toEqual(rows.map(([n]) => n));
        expect(values["level"]).toEqual(rows.map(([, x]) => x + 0)); // -0 is written as 0
        expect(values["text"]).toEqual(
          rows.map(([, , t]) =>
            t === "" ? null : new TextDecoder().decode(new TextEncoder().encode(t)),
          ),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test("generated damage: every record is accounted for, for any chunking", async () => {
  const line = fc.oneof(
    fc.constantFrom("1,2,x", "3,4,y", '5,6,"z"', "7,8", "9,10,11,12", "a,b,c", "13,,"),
    fc.stringMatching(/^[^"\r\n]{1,10}$/),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 20 }),
      async (body, chunk) => {
        const options: ImportOptions = {
          target: "own",
          delimiter: ",",
          headerRows: 1,
          types: { n: "bigint", m: "double", t: "varchar" },
        };
        const content = ["n,m,t", ...body].join("\n");
        const small = await count(content, options, chunk);
        const large = await count(content, options, 65536);
        expect(small).toEqual(large);
        if (small !== null) expect(small.rows + small.rejected).toBe(body.length);
      },
    ),
    { numRuns: 300 },
  );
});

/** `null` where a column has to be widened first. */
async function count(
  content: string,
  options: ImportOptions,
  chunk: number,
): Promise<{ rows: number; rejected: number } | null> {
  try {
    const { sink } = await read(content, options, { chunk });
    return { rows: sink.rows, rejected: sink.rejects.length };
  } catch (thrown) {
    if (thrown instanceof WidenColumn) return null;
    throw thrown;
  }
}

test("a line of 200 MB is rejected, and the rows around it arrive", async () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const piece = new Uint8Array(1_000_000).fill(120);
  const pieces = [
    encode("a,b\n1,2\n"),
    ...Array.from({ length: 200 }, () => piece),
    encode("\n3,4\n"),
  ];
  const source = await openSource({
    name: "long.csv",
    size: pieces.reduce((sum, p) => sum + p.length, 0),
    open: () => {
      let next = 0;
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          const chunk = pieces[next++];
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
        },
      });
      return Promise.resolve(stream);
    },
  });
  const planned = await delimitedImporter.plan(source, {});
  if (!planned.ok) throw new Error(planned.error.message);
  const sink = new KeepingSink();
  await delimitedImporter.read(source, planned.value, sink);
  expect(sink.rows).toBe(2);
  expect(sink.rejects).toEqual([
    {
      line: 3,
      offset: 8,
      reason: "line longer than 64 MiB",
      text: "x".repeat(2000),
    },
  ]);
});

test("table names drop dates, numbers of parts and extensions", () => {
  const names = {
    "user_features_2024-05-01.parquet": "user_features",
    "user_features_20240501.csv.gz": "user_features",
    "UserFeatures.csv": "user_features",
    "part-00001.csv": "table_data",
    "predictions-part-3.csv": "predictions",
    "2024-05-01_scores.csv": "scores",
    "yellow_tripdata_sample_2018-08.csv": "yellow_tripdata_sample",
    "metrics.csv": "metrics_table",
    "a/b/Model Output (v2).csv": "model_output_v2",
  };
  for (const [file, name] of Object.entries(names)) expect(tableNameOf(file), file).toBe(name);
});
