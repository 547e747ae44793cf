/** 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * 95 % score interval of a share (Wilson 1927); as
 * statsmodels.stats.proportion.proportion_confint(method="wilson"). [0, 1] for no cases.
 */
export function wilsonInterval(hits: number, cases: number): { low: number; high: number } {
  if (cases === 0) return { low: 0, high: 1 };
  const share = hits / cases;
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * cases)) / (1 + z2 / cases);
  const half =
    (Z / (1 + z2 / cases)) * Math.sqrt((share * (1 - share)) / cases + z2 / (4 * cases * cases));
  return {
    low: hits === 0 ? 0 : Math.max(0, centre - half),
    high: hits === cases ? 1 : Math.min(1, centre + half),
  };
}
