/**
 * First Wasserstein distance (earth mover's) of two samples sorted ascending
 * without NaN or infinities, in the samples' unit; as
 * scipy.stats.wasserstein_distance. NaN when a sample is empty.
 */
export function wasserstein(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return NaN;
  let i = 0;
  let j = 0;
  let sum = 0;
  let before = Math.min(a[0] as number, b[0] as number);
  while (i < n || j < m) {
    const at =
      j >= m || (i < n && (a[i] as number) <= (b[j] as number))
        ? (a[i] as number)
        : (b[j] as number);
    sum += Math.abs(i / n - j / m) * (at - before);
    while (i < n && (a[i] as number) === at) i++;
    while (j < m && (b[j] as number) === at) j++;
    before = at;
  }
  return sum;
}
