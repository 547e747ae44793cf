/**
 * True if a path fits a pattern with `*` (anything but `/`), `?` (one
 * character), `**` (any folders, also none) and `{a,b}`.
 */
export function matchesPath(path: string, pattern: string): boolean {
  return new RegExp(`^${expressionOf(pattern)}$`, "su").test(path);
}

function expressionOf(pattern: string): string {
  let depth = 0;
  const tokens = pattern.match(/\*\*\/|\*+|\?|[{},]|[^*?{},]+/gu) ?? [];
  const closes = tokens.filter((t) => t === "}").length;
  const isClosed = closes === tokens.filter((t) => t === "{").length;
  return tokens
    .map((token) => {
      if (token === "**/") return "(?:[^/]*/)*";
      if (token === "**") return ".*";
      if (token.startsWith("*")) return "[^/]*";
      if (token === "?") return "[^/]";
      if (token === "{" && isClosed) return (depth++, "(?:");
      if (token === "}" && isClosed) return (depth--, ")");
      if (token === "," && depth > 0) return "|";
      return token.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
    })
    .join("");
}
