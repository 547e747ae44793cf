export type StackLanguage = "Java" | "Python" | "Go" | "JavaScript" | ".NET";

/** One call of a stack trace, without line number, address and generated names. */
export interface StackFrame {
  /** `com.example.Cart.add`, `app/cart.py add`. */
  readonly name: string;
  /** Not of the language's runtime or of a known framework. */
  readonly isOwn: boolean;
}

export interface StackTrace {
  readonly language: StackLanguage;
  /** Class of the innermost exception, the one that the others are caused by. */
  readonly exception: string;
  /** Innermost first. */
  readonly frames: readonly StackFrame[];
}

/**
 * Reads a stack trace out of a log message: Java (Kotlin, Scala), Python, Go,
 * JavaScript (V8), .NET. Line breaks and tabs may be escaped, as in JSON. Null where
 * there is neither a frame nor a panic.
 */
export function readStack(message: string): StackTrace | null {
  const lines = unescaped(message).split(/\r?\n/);
  const joined = lines.join("\n");
  if (joined.includes("Traceback (most recent call last)")) return pythonStack(lines);
  const jvm = lines.flatMap((line) => javaFrame(line) ?? []);
  if (jvm.length > 0) return { language: "Java", ...causeOf(lines, javaFrame, jvm) };
  const v8 = lines.flatMap((line) => scriptFrame(line) ?? []);
  if (v8.length > 0) return { language: "JavaScript", exception: exceptionOf(lines), frames: v8 };
  const net = lines.flatMap((line) => dotnetFrame(line) ?? []);
  if (net.length > 0) return { language: ".NET", exception: exceptionOf(lines), frames: net };
  return goStack(lines);
}

/** A message whose line breaks are written as `\n` gets them. */
function unescaped(message: string): string {
  if (message.includes("\n") || !message.includes("\\n")) return message;
  return message.replace(/\\+n/g, "\n").replace(/\\+t/g, "\t").replace(/\\+"/g, '"');
}

/** The exception and the frames of the innermost `Caused by`, where it has frames of its own. */
function causeOf(
  lines: readonly string[],
  frameOf: (line: string) => StackFrame | null,
  all: readonly StackFrame[],
): Pick<StackTrace, "exception" | "frames"> {
  const cause = lines.findLastIndex((line) => /^\s*Caused by:/.test(line));
  if (cause === -1) return { exception: exceptionOf(lines), frames: all };
  const inner = lines.slice(cause);
  const frames = inner.flatMap((line) => frameOf(line) ?? []);
  return { exception: exceptionOf(inner), frames: frames.length > 0 ? frames : all };
}

const EXCEPTION =
  /(?:^|[\s:"([])((?:[A-Za-z_$][\w$]*[.:/])*[A-Z][\w$]*(?:Exception|Error|Throwable|Failure|Fault|Exit|Interrupt|Warning))\b/;

/** Class of the first exception that is named; empty for none. */
function exceptionOf(lines: readonly string[]): string {
  for (const line of lines) {
    const found = EXCEPTION.exec(line)?.[1];
    if (found !== undefined) return found.replace(/\$\d+$/, "");
  }
  return "";
}

const JAVA =
  /^\s*at\s+(?:[\w.@-]+\/+)*([\w.$<>À-ɏ/]+)\((?:[\w$.-]+\.(?:java|kt|scala|groovy|clj|kts)(?::\d+)?|Native Method|Unknown Source|<generated>|<unknown>)\)/;

function javaFrame(line: string): StackFrame | null {
  const found = JAVA.exec(line)?.[1];
  if (found === undefined) return null;
  const name = found
    .replace(/\$\$Lambda(?:\$\d+)?(?:\/(?:0x)?[\da-f]+)?/gi, "$$$$Lambda")
    .replace(/lambda\$([\w$]*?)\$\d+/g, "lambda$$$1")
    .replace(/\$\$(?:EnhancerBy|FastClassBy)\w+\$\$[\da-f]+/g, "$$$$Proxy")
    .replace(/\$\$SpringCGLIB\$\$\d+/g, "$$$$Proxy")
    .replace(
      /Generated(Method|Constructor|SerializationConstructor)Accessor\d+/g,
      "Generated$1Accessor",
    )
    .replace(/\$Proxy\d+/g, "$$Proxy")
    .replace(/\$\d+(?=\.)/g, "$$");
  const isOwn =
    !/^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|org\.(?:springframework|apache|hibernate|eclipse|jboss|postgresql|mongodb|junit|slf4j)|io\.(?:netty|grpc|micrometer|opentelemetry|vertx|undertow)|com\.(?:zaxxer|fasterxml|google\.common|mysql|rabbitmq|netflix)|reactor|feign|okhttp3|ch\.qos)\./.test(
      name,
    ) && !name.startsWith("$Proxy");
  return { name, isOwn };
}

function pythonStack(lines: readonly string[]): StackTrace | null {
  // The last traceback is the one that was thrown; those above it were being handled.
  const start = lines.findLastIndex((line) => line.includes("Traceback (most recent call last)"));
  const frames: StackFrame[] = [];
  let exception = "";
  for (const line of lines.slice(start + 1)) {
    const call = /^\s*File "([^"]+)", line \d+(?:, in (.+))?/.exec(line);
    if (call !== null) {
      const [, path = "", name = ""] = call;
      frames.unshift({
        name: `${shortPath(path)} ${name.trim()}`.trim(),
        isOwn: isOwnPython(path),
      });
    } else if (/^[A-Za-z_][\w.]*(?::|$)/.test(line) && frames.length > 0) {
      exception = /^[\w.]+/.exec(line)?.[0] ?? "";
      break;
    }
  }
  return frames.length === 0 ? null : { language: "Python", exception, frames };
}

function isOwnPython(path: string): boolean {
  return !/site-packages|dist-packages|[/\\]lib[/\\]python\d|^<(?:frozen|string)/i.test(path);
}

const V8 =
  /^\s*at\s+(?:(?:async\s+)?([^()]+?)\s+\()?((?:[a-z-]+:\/\/|node:|webpack|\/|[A-Za-z]:\\|[\w@.-]+)[^()\s]*?):\d+:\d+\)?\s*$/;

function scriptFrame(line: string): StackFrame | null {
  const found = V8.exec(line);
  if (found === null) return null;
  const [, call = "", path = ""] = found;
  const name = call
    .replace(/^new\s+/, "")
    .replace(/\[as \w+\]/, "")
    .trim();
  const isAnonymous = name === "" || name === "<anonymous>" || name === "Object.<anonymous>";
  return {
    name: `${isAnonymous ? "<anonymous>" : name} (${shortPath(path)})`,
    isOwn: !/node_modules|^node:|^internal\//.test(path),
  };
}

const DOTNET = /^\s*at\s+([\w.`<>+[\],$|]+)\(([^()]*)\)(?:\s+in\s+.+)?\s*$/;

function dotnetFrame(line: string): StackFrame | null {
  const found = DOTNET.exec(line)?.[1];
  if (found === undefined) return null;
  const name = found
    .replace(/<>c__DisplayClass\d+_\d+/g, "<>c")
    .replace(/<(\w+)>b__\d+(?:_\d+)?/g, "<$1>")
    .replace(/<(\w+)>d__\d+(?:`\d+)?/g, "<$1>")
    .replace(/`\d+/g, "");
  return {
    name,
    isOwn: !/^(?:System|Microsoft|MS|Newtonsoft|Grpc|Npgsql|lambda_method)\b/.test(name),
  };
}

function goStack(lines: readonly string[]): StackTrace | null {
  const panic = lines.find((line) => /(?:^|\s)(?:panic|fatal error):\s/.test(line));
  const frames: StackFrame[] = [];
  lines.forEach((line, k) => {
    const call = /^([\w./*()-]+\.[\w.*()[\]-]+)\((?:[^()]*|\.\.\.)\)$/.exec(line.trim());
    const place = /^\s*(?:\S*\/)?([\w.-]+\/[\w.-]+\.go|[\w.-]+\.go):\d+/.exec(lines[k + 1] ?? "");
    if (call !== null && place !== null) frames.push(goFrame(call[1] ?? ""));
    // Loggers write a call in one line: `charge.go:118 Charge.read`.
    const short = /^\s*((?:\S*\/)?[\w.-]+\.go):\d+\s+([A-Za-z_][\w.*()]*)\s*$/.exec(line);
    if (short !== null) frames.push(goFrame(`${shortPath(short[1] ?? "")} ${short[2] ?? ""}`));
  });
  if (frames.length === 0) return null;
  const own = panic === undefined ? "" : panic.replace(/^.*?((?:panic|fatal error):\s)/, "$1");
  return { language: "Go", exception: withoutValues(own), frames };
}

function goFrame(call: string): StackFrame {
  const name = call.replace(/\.func\d+(?:\.\d+)*/g, ".func").replace(/\[\.\.\.\]/g, "");
  const isOwn =
    !/^(?:runtime|net|net\/http|sync|reflect|testing|internal|syscall|os|google\.golang\.org|golang\.org|github\.com\/(?:gin-gonic|gorilla|labstack))[./]/.test(
      name,
    );
  return { name: name === "panic" ? "runtime.panic" : name, isOwn: isOwn && name !== "panic" };
}

function withoutValues(text: string): string {
  return text
    .replace(/0x[\da-f]+/gi, "#")
    .replace(/\d+/g, "#")
    .replace(/"[^"]*"/g, '"…"')
    .slice(0, 120)
    .trim();
}

/** Folder and file: `/srv/app/cart/add.py` is `cart/add.py`; hashes of bundlers are left out. */
function shortPath(path: string): string {
  const parts = path
    .replace(/^\w+:\/\/+/, "")
    .replace(/[?#].*$/, "")
    .split(/[/\\]/);
  return parts
    .slice(-2)
    .join("/")
    .replace(/[.-][\da-f]{8,}(?=\.\w+$)/i, "");
}
