import type { Basis } from "../../../../shared/model/reasoning.ts";

/** Where a number comes from, as the choice shows it. */
export const BASIS_NAMES: Readonly<Record<Basis, string>> = {
  query: "From a query",
  input: "Typed in",
  estimate: "Estimate",
};
