/** How a job ended: exit code, and a last line for stderr. */
export interface JobEnd {
  readonly code: number;
  readonly message: string | null;
}
