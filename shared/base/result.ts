/**
 * Expected failure is a value; a bug throws.
 * A `Result` is either `{ ok: true, value }` or `{ ok: false, error }`.
 */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** An expected failure on its way through code that has no use for it; caught by `attempt`. */
export class Fault<E> extends Error {
  constructor(readonly error: E) {
    super(describe(error));
    this.name = "Fault";
  }
}

function describe(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message);
  }
  return typeof error === "string" ? error : JSON.stringify(error);
}

/** The value of a result, or a thrown `Fault` with its error. */
export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  throw new Fault(result.error);
}

/**
 * Runs `work` and turns a `Fault` thrown inside it back into a value.
 * Anything else that is thrown is a bug and passes through.
 */
export async function attempt<T, E>(work: () => Promise<T>): Promise<Result<T, E>> {
  try {
    return ok(await work());
  } catch (thrown) {
    if (thrown instanceof Fault) return err(thrown.error as E);
    throw thrown;
  }
}

/** A switch that names every kind ends here; the type checker proves that nothing arrives. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
