/** The page's pictures: strokes on a 24 grid in the colour of the text beside them, always with words next to them. */
import type { ReactNode } from 'react';

const PATHS = {
  rain: (
    <path d="M7 15a4 4 0 0 1-.5-8A5.5 5.5 0 0 1 17 6.6 4.2 4.2 0 0 1 17.5 15M8 18l-1 3M12.5 17l-1 3M17 18l-1 3" />
  ),
  dry: (
    <>
      <circle cx="12" cy="12" r="4.2" />
      <path d="M12 2.5v2.3M12 19.2v2.3M2.5 12h2.3M19.2 12h2.3M5.3 5.3l1.6 1.6M17.1 17.1l1.6 1.6M5.3 18.7l1.6-1.6M17.1 6.9l1.6-1.6" />
    </>
  ),
  night: <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />,
  morning: (
    <path d="M3 18h18M6.5 18a5.5 5.5 0 0 1 11 0M12 5v4M9.5 7.5 12 5l2.5 2.5M4 11.5l1.5 1M20 11.5l-1.5 1" />
  ),
  noon: (
    <>
      <circle cx="12" cy="9" r="3.6" />
      <path d="M12 2v1.4M5 9h1.4M17.6 9H19M7 4l1 1M17 4l-1 1M3 18.5h18M7 22h10" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5l3.2 2" />
    </>
  ),
  lock: <path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />,
  ticket: <path d="M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4zM14 6v12" />,
  chart: <path d="M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6M20 16v-2" />,
  person: (
    <>
      <circle cx="12" cy="8" r="3.6" />
      <path d="M4.5 20a7.5 7.5 0 0 1 15 0" />
    </>
  ),
  exit: <path d="M10 4H5v16h5M14 8l4 4-4 4M18 12H9" />,
  close: <path d="M6 6l12 12M18 6 6 18" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  warn: <path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3" />,
  wait: <path d="M12 3a9 9 0 1 1-8.5 6" />,
  off: (
    <path d="M3 3l18 18M8.5 16a5 5 0 0 1 7 0M5 12.5a10 10 0 0 1 4-2.4M15 10.2a10 10 0 0 1 4 2.3M12 20h.01" />
  ),
  up: <path d="M12 19V6M6.5 11.5 12 6l5.5 5.5" />,
  down: <path d="M12 5v13M6.5 12.5 12 18l5.5-5.5" />,
  more: <path d="m8 10 4 4 4-4" />,
  home: <path d="M4 11.5 12 4l8 7.5M6.5 10v10h11V10" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, className }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg className={`icon ${className ?? ''}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}
