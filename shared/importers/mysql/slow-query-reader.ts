import type { Position } from "../fixed-tables-writer.ts";
import type { Reading } from "../json-records.ts";

/** Characters of a statement that are kept: a bulk insert may have megabytes. */
const MAX_STATEMENT = 1024 * 1024;

/** A record on its way. */
interface OpenQuery {
  readonly at: Position;
  /** What `# Time` says, if this record has one. */
  time: string | null;
  /** Seconds since 1970 of `SET timestamp`. */
  stamp: number | null;
  user: boolean;
  readonly fields: Record<string, string | number>;
  readonly statement: string[];
  length: number;
}

const TIME = /^# Time: (.*)$/;
const USER =
  /^# User@Host: ([^[]*)\[([^\]]*)\] @ +(\S*?) *\[([^\]]*)\](?: +Id: +(\d+))?(?:\s+(.*))?$/;
const PAIR = /([A-Za-z]\w*): ?(\S+)/g;
/** A line of names and values; a statement's own comment has none. */
const PAIRS = /^# +[A-Z]\w*: /;
const STAMP = /^SET timestamp=(\d+(?:\.\d+)?);$/;
const USE = /^use (\S+);$/i;
/** What a server writes when it opens the file: three lines. */
const BANNER = /, Version: .*started with:$/;
const BANNER_MORE = /^(?:Tcp port: |TCP Port: |Time\s+Id\s+Command\s+Argument)/;

/** Reads the lines of a slow query log one after the other and writes a log row per query. */
export class SlowQueryReader {
  #open: OpenQuery | null = null;
  /** The last `# Time`: older servers write it only when the second changes. */
  #lastTime: string | null = null;
  #banners = 0;
  #shortened = 0;

  constructor(
    readonly reading: Reading,
    readonly service: string | null,
  ) {}

  read(line: string, at: Position): void {
    if (BANNER.test(line) || BANNER_MORE.test(line)) {
      this.#end();
      this.#banners++;
      return;
    }
    const time = TIME.exec(line)?.[1];
    if (time !== undefined) {
      this.#end();
      this.#open = newQuery(at, time.trim());
      this.#lastTime = time.trim();
      return;
    }
    if (line.startsWith("# User@Host: ")) {
      this.#user(line, at);
      return;
    }
    const open = this.#open;
    if (open === null) {
      if (line.trim() === "") return;
      this.reading.sink.reject(at.line, at.offset, "it stands before the first query", line);
    } else if (PAIRS.test(line) && open.statement.length === 0) {
      addPairs(open.fields, line);
    } else {
      this.#statement(open, line);
    }
  }

  /** Writes the last query, and says what was left out. */
  finish(): void {
    this.#end();
    const { sink } = this.reading;
    if (this.#banners > 0)
      sink.note(
        "info",
        `${this.#banners} line${this.#banners === 1 ? "" : "s"} that the server wrote when it opened the file ${this.#banners === 1 ? "is" : "are"} no query.`,
      );
    if (this.#shortened > 0)
      sink.note(
        "warning",
        `${this.#shortened} statement${this.#shortened === 1 ? "" : "s"} longer than 1 MiB ${this.#shortened === 1 ? "was" : "were"} shortened.`,
      );
  }

  #user(line: string, at: Position): void {
    // A second user begins a query that has no time of its own.
    if (this.#open === null || this.#open.user || this.#open.statement.length > 0) {
      this.#end();
      this.#open = newQuery(at, null);
    }
    const open = this.#open;
    open.user = true;
    const [, user = "", privileged = "", host = "", ip = "", id, rest] = USER.exec(line) ?? [];
    const { fields } = open;
    const who = user === "" ? privileged : user;
    if (who !== "") fields["user"] = who;
    const client = host === "" ? ip : host;
    if (client !== "") fields["client"] = client;
    if (ip !== "" && ip !== client) fields["client_ip"] = ip;
    if (id !== undefined) fields["thread_id"] = Number(id);
    if (rest !== undefined) addPairs(fields, rest);
  }

  #statement(open: OpenQuery, line: string): void {
    if (open.statement.length === 0) {
      if (line === "" || line === "#") return;
      // MariaDB writes the plan of the query before the query.
      if (line.startsWith("# explain: ")) {
        const before = open.fields["explain"];
        const more = line.slice("# explain: ".length);
        open.fields["explain"] = before === undefined ? more : `${before}\n${more}`;
        return;
      }
      const database = USE.exec(line)?.[1];
      if (database !== undefined) {
        open.fields["database"] = database.replace(/^`|`$/g, "");
        return;
      }
      const stamp = STAMP.exec(line)?.[1];
      if (stamp !== undefined) {
        open.stamp = Number(stamp);
        return;
      }
    }
    if (open.length > MAX_STATEMENT) return;
    open.length += line.length + 1;
    if (open.length > MAX_STATEMENT) this.#shortened++;
    open.statement.push(line.slice(0, MAX_STATEMENT));
  }

  #end(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const { target, sink } = this.reading;
    const message = open.statement.join("\n").trimEnd();
    target.log(
      {
        ts: this.#instantOf(open),
        service: this.service,
        message: message === "" ? null : message,
        fields: open.fields,
      },
      open.at,
    );
    sink.accepted(1);
  }

  /** A time that names its zone; then `SET timestamp`, which needs none; then the server's own clock. */
  #instantOf({ time, stamp }: OpenQuery): number | null {
    const { instants } = this.reading;
    const isZoned = time !== null && /(?:Z|[+-]\d\d:?\d\d)$/.test(time);
    if (!isZoned && stamp !== null) return Math.round(stamp * 1e6);
    const text = time ?? this.#lastTime;
    return text === null ? null : instants.read(writtenTime(text));
  }
}

function newQuery(at: Position, time: string | null): OpenQuery {
  return { at, time, stamp: null, user: false, fields: {}, statement: [], length: 0 };
}

function addPairs(fields: Record<string, string | number>, line: string): void {
  for (const [, key = "", value = ""] of line.matchAll(PAIR)) {
    const isNumber = /^-?\d{1,15}(?:\.\d+)?$/.test(value);
    fields[key.toLowerCase()] = isNumber ? Number(value) : value;
  }
}

/** `210126  3:45:57`, as servers before MySQL 5.7 and MariaDB write it: year, month, day. */
function writtenTime(text: string): string {
  const [, year, month, day, hour = "", rest = ""] =
    /^(\d\d)(\d\d)(\d\d) +(\d{1,2})(:\d\d:\d\d(?:\.\d+)?)$/.exec(text) ?? [];
  if (year === undefined) return text;
  return `20${year}-${month ?? ""}-${day ?? ""}T${hour.padStart(2, "0")}${rest}`;
}
