import type { Dependency } from "../../../shared/model/case.ts";

/** A service in the drawing: callers stand left of what they call. */
export interface GraphNode {
  readonly service: string;
  readonly column: number;
  readonly row: number;
}

/**
 * Services by columns: each one to the right of all that call it, rings left where
 * they are met first; in each column in the order of their names.
 */
export function graphLayout(
  services: readonly string[],
  calls: readonly Dependency[],
): GraphNode[] {
  const names = [...new Set([...services, ...calls.flatMap((c) => [c.caller, c.callee])])].sort();
  const column = new Map(names.map((name) => [name, 0]));
  // As many rounds as services: longer paths are rings.
  for (let round = 0; round < names.length; round++) {
    let isSettled = true;
    for (const { caller, callee } of calls) {
      const least = Math.min(names.length - 1, (column.get(caller) ?? 0) + 1);
      if ((column.get(callee) ?? 0) >= least || isReached(callee, caller, calls)) continue;
      column.set(callee, least);
      isSettled = false;
    }
    if (isSettled) break;
  }
  const filled = new Map<number, number>();
  return names.map((service) => {
    const at = column.get(service) ?? 0;
    const row = filled.get(at) ?? 0;
    filled.set(at, row + 1);
    return { service, column: at, row };
  });
}

/** Whether calls lead from one service to another. */
function isReached(from: string, to: string, calls: readonly Dependency[]): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const { caller, callee } of calls) {
      if (caller !== at || seen.has(callee)) continue;
      seen.add(callee);
      open.push(callee);
    }
  }
  return false;
}
