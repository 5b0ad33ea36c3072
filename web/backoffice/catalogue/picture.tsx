/** A game's picture, small; nothing where there is none or it cannot be had. */
import { useState } from 'react';

export function Picture({ of }: { readonly of: string | null }) {
  const [isGone, setGone] = useState(false);
  if (of === null || isGone) return '–';
  return (
    <img
      src={of}
      alt=""
      loading="lazy"
      referrerPolicy="no-referrer"
      width={44}
      height={44}
      style={{ objectFit: 'cover', borderRadius: 4, display: 'block' }}
      onError={() => setGone(true)}
    />
  );
}
