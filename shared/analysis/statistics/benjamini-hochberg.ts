/**
 * Benjamini-Hochberg adjusted p-values (Benjamini and Hochberg 1995), in the
 * order given; as scipy.stats.false_discovery_control(method='bh').
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0));
  const q = new Array<number>(p.length).fill(1);
  let least = 1;
  order.forEach((index, position) => {
    const rank = p.length - position;
    least = Math.min(least, ((p[index] ?? 1) * p.length) / rank);
    q[index] = least;
  });
  return q;
}
