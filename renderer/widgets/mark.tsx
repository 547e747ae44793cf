/** The sign of Inquest: two overlaid curves, solid baseline and dashed incident. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M1.5 16.5C5 16.5 5.2 4 8.2 4s3 12.5 6.6 12.5"
        fill="none"
        stroke="var(--iq-baseline)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path
        d="M5.5 16.5c3.5 0 3.7-9 6.6-9s3 9 6.4 9"
        fill="none"
        stroke="var(--iq-incident)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeDasharray="2.6 2.6"
      />
    </svg>
  );
}
