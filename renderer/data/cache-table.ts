import { ident } from "../../shared/tables/sql.ts";

/**
 * Table of the database that says whose rows it holds; it makes a stale cache
 * visible. Its name counts the layouts of the other tables.
 */
export const CACHE_TABLE = "_inquest_evidence_3";

/** Number and content of each file, and by how much its times were moved since they were read. */
export const CREATE_CACHE_TABLE = `CREATE TABLE IF NOT EXISTS ${ident(CACHE_TABLE)} (number BIGINT, sha256 VARCHAR, corrected_ms DOUBLE)`;
