/** The one game that is sold: the rain book. */
import type { HubGame } from '../hub-client.ts';

export const RAIN: HubGame = { id: 'rain', type: 'lottery', title: 'Rain' };
const TITLES = { en: 'Rain', ko: '비', zh: '雨' };

/** As `PUT /games` wants it; `base` is where players' browsers reach this program. */
export function publishedRain(base: string, vendor: string): Record<string, unknown> {
  const thumbnail = `${base}/thumb/${RAIN.id}.svg`;
  return {
    ...RAIN,
    vendor,
    thumbnail,
    thumbnails: { '300x300': thumbnail },
    rank: 1,
    langs: TITLES,
    launchUrl: `${base}/play/${RAIN.id}`,
  };
}
