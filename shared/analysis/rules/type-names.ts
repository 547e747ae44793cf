import type { ColumnType } from "../../model/role.ts";

/** Names of types in DuckDB, other SQL dialects, pandas and Spark, by what is one type here. */
const NAMES: Readonly<Record<ColumnType, readonly string[]>> = {
  double: ["double", "float", "real", "float32", "float64", "doubletype", "floattype", "decimal"],
  bigint: ["bigint", "int", "integer", "smallint", "int32", "int64", "longtype", "integertype"],
  boolean: ["boolean", "bool", "booleantype"],
  varchar: ["varchar", "text", "string", "str", "object", "char", "stringtype"],
  timestamp: ["timestamp", "datetime", "datetime64", "datetime64[ns]", "timestamptype"],
};

/** The type that a name means; null for one that is not known. */
export function columnTypeOf(name: string): ColumnType | null {
  const plain = name.toLowerCase();
  const found = Object.entries(NAMES).find(([, names]) => names.includes(plain));
  return (found?.[0] as ColumnType | undefined) ?? null;
}
