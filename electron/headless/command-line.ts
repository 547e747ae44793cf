import { resolve } from "node:path";
import type { HeadlessJob } from "../../shared/contract/ipc.ts";

/** What the command line asks for. */
export type CommandLine =
  | { readonly kind: "window"; readonly open: string | null }
  | { readonly kind: "job"; readonly job: HeadlessJob }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "usage"; readonly message: string };

/** Exit code for a command line that cannot be understood. */
export const EXIT_USAGE = 2;

export const HELP = `Inquest: offline workbench for root cause analysis

  inquest                               opens the window
  inquest open CASE                     opens the window with a case
  inquest run RECIPE --out DIR          runs a recipe, writes reports and findings.json to DIR
  inquest verify CASE|BUNDLE            recomputes hashes, the journal's chain and every finding;
                 [--evidence DIR]       where originals are that are not in the bundle or have moved
                 [--passphrase-file F]  of an encrypted bundle (or INQUEST_PASSPHRASE)
                 [--signer FINGERPRINT] the key that must have signed it
  inquest import FILE --as FORMAT       what an importer makes of a file, to stdout (csv, jsonl, arrow);
                 [--member NAME]        one part of an archive, a folder, a workbook or a database
  inquest formats                       the file formats that can be read
  inquest --help | --version

  --json    results for machines, on stdout

Progress goes to stderr, results to stdout or to files.

Exit codes
  0   done
  1   the work could not be done; the message says why
  2   the command line or the recipe is wrong; the message says where
  3   some evidence could not be read; the rest was reported on
  4   verify: something does not hold any more
  64  started without the sandbox
  70  the program crashed
  130 interrupted
`;

/** Switches of the runtime under the application: `--name`, or any name that begins with one of these. */
const RUNTIME_SWITCHES =
  /^--(no-sandbox|no-zygote|user-data-dir|log-level|log-file|lang|v|vmodule|inspect(-.*)?|remote-(debugging|allow)-.*|ozone-platform(-hint)?|js-flags|use-(gl|angle)|in-process-gpu|single-process|trace-.*|in-process-.*|force-.*|disable-.*|enable-.*|allow-.*|gpu-.*|password-store|headless)(=.*)?$/;

type Options = ReadonlyMap<string, string | true>;

/** Options with a value; all others are flags. */
const WITH_VALUE = new Set([
  "--out",
  "--as",
  "--member",
  "--passphrase-file",
  "--signer",
  "--evidence",
]);
const FORMATS = ["csv", "jsonl", "arrow"] as const;

/**
 * Reads the arguments after the program's own name. Relative paths are taken
 * from `directory`. Chromium's and Electron's own switches are passed over.
 */
export function parseCommandLine(args: readonly string[], directory: string): CommandLine {
  const words: string[] = [];
  const options = new Map<string, string | true>();
  const own = args.filter((arg) => !RUNTIME_SWITCHES.test(arg));
  for (let at = 0; at < own.length; at++) {
    const arg = own[at] ?? "";
    if (arg === "-h") options.set("--help", true);
    else if (arg === "--") words.push(...own.splice(at + 1));
    else if (!arg.startsWith("-") || arg === "-") words.push(arg);
    else {
      const [name = "", ...rest] = arg.split("=");
      if (!WITH_VALUE.has(name)) options.set(arg, true);
      else {
        const value = rest.length > 0 ? rest.join("=") : own[++at];
        if (value === undefined || value === "") return usage(`${name} needs a value.`);
        options.set(name, value);
      }
    }
  }
  if (options.has("--help")) return { kind: "help" };
  if (options.has("--version")) return { kind: "version" };
  return parseCommand(words, options, (path) => resolve(directory, path));
}

function parseCommand(
  words: readonly string[],
  options: Options,
  absolute: (path: string) => string,
): CommandLine {
  const [command, operand, ...more] = words;
  const json = options.has("--json");
  switch (command) {
    case undefined:
      return refuseRest(options, [], more) ?? { kind: "window", open: null };
    case "help":
      return { kind: "help" };
    case "open":
      if (operand === undefined) return usage("open needs a case: inquest open CASE");
      return (
        refuseRest(options, [], more) ?? {
          kind: "window",
          open: absolute(operand),
        }
      );
    case "run": {
      const out = options.get("--out");
      if (operand === undefined || typeof out !== "string") {
        return usage("run needs a recipe and a folder: inquest run RECIPE --out DIR");
      }
      const job = {
        command,
        recipe: absolute(operand),
        out: absolute(out),
        json,
      } as const;
      return refuseRest(options, ["--out", "--json"], more) ?? { kind: "job", job };
    }
    case "verify": {
      if (operand === undefined) return usage("verify needs a case: inquest verify CASE|BUNDLE");
      const text = (name: string): string | null => {
        const value = options.get(name);
        return typeof value === "string" ? value : null;
      };
      const file = text("--passphrase-file");
      const folder = text("--evidence");
      const job = {
        command,
        target: absolute(operand),
        passphraseFile: file === null ? null : absolute(file),
        signer: text("--signer"),
        evidence: folder === null ? null : absolute(folder),
        json,
      } as const;
      const known = ["--passphrase-file", "--signer", "--evidence", "--json"];
      return refuseRest(options, known, more) ?? { kind: "job", job };
    }
    case "import": {
      const as = FORMATS.find((format) => format === options.get("--as"));
      if (operand === undefined || as === undefined) {
        return usage("import needs a file and a format: inquest import FILE --as csv|jsonl|arrow");
      }
      const member = options.get("--member");
      const job = {
        command,
        file: absolute(operand),
        as,
        member: typeof member === "string" ? member : null,
        json,
      } as const;
      return refuseRest(options, ["--as", "--member", "--json"], more) ?? { kind: "job", job };
    }
    case "formats": {
      const rest = operand === undefined ? more : [operand, ...more];
      return (
        refuseRest(options, ["--json"], rest) ?? {
          kind: "job",
          job: { command, json },
        }
      );
    }
    default:
      if (command.endsWith(".inquest") && operand === undefined) {
        return (
          refuseRest(options, [], more) ?? {
            kind: "window",
            open: absolute(command),
          }
        );
      }
      return usage(`There is no command ${command}.`);
  }
}

function refuseRest(
  options: Options,
  known: readonly string[],
  words: readonly string[],
): CommandLine | null {
  const option = [...options.keys()].find((name) => !known.includes(name));
  if (option !== undefined) return usage(`The option ${option} is not known here.`);
  const [word] = words;
  return word === undefined ? null : usage(`${word} is one argument too many.`);
}

function usage(message: string): CommandLine {
  return { kind: "usage", message: `${message}\nSee inquest --help.` };
}
