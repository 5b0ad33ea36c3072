/** How a session and a bet are called. */
import type { BetView, SessionView } from '../../../src/kbook/player-wire.ts';
import { dayText } from '../format.ts';
import type { Speech } from '../speech.tsx';
import type { Words } from '../words/en.ts';
import type { IconName } from './icons.tsx';

type SessionType = SessionView['type'];

const TYPE_WORDS = {
  MORNING: 'typeMorning',
  AFTERNOON: 'typeAfternoon',
  NOON: 'typeNoon',
  NIGHT: 'typeNight',
} as const satisfies Record<SessionType, keyof Words>;

export const TYPE_ICONS = {
  MORNING: 'morning',
  AFTERNOON: 'morning',
  NOON: 'noon',
  NIGHT: 'night',
} as const satisfies Record<SessionType, IconName>;

export function typeName({ say }: Speech, type: SessionType): string {
  return say(TYPE_WORDS[type]);
}

/** Day, Sat 21 Nov */
export function sessionName(
  speech: Speech,
  { type, gameDate }: Pick<SessionView, 'type' | 'gameDate'>,
): string {
  return `${typeName(speech, type)}, ${dayText(speech.locale, gameDate)}`;
}

export function betSessionName(speech: Speech, bet: BetView): string {
  return sessionName(speech, { type: bet.sessionType, gameDate: bet.gameDate });
}

export function sideName({ say }: Speech, side: BetView['type']): string {
  return say(side === 'RAIN' ? 'rain' : 'noRain');
}
