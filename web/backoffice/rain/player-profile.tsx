/** A player's money, limits and protection, and what staff can do about them. */
import type { BookPlayerDetail } from '../../../src/backoffice/rain-player-wire.ts';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField } from '../kit/act-form.tsx';
import { formatMinor } from '../kit/amount.ts';
import { formatInstant } from '../kit/clock.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Count, Instant, Money } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { useMay, useMe } from '../session.tsx';
import { ExcludedUntil } from './players.tsx';

interface ProfileProps {
  readonly detail: BookPlayerDetail;
}

export function Profile({ detail }: ProfileProps) {
  const may = useMay();
  return (
    <>
      <MoneyFacts detail={detail} />
      <Protection detail={detail} />
      {may('rain') ? <Acts detail={detail} /> : null}
    </>
  );
}

function MoneyFacts({ detail }: ProfileProps) {
  const { player, credit, dayStake } = detail;
  const { currency } = player;
  const money = (minor: string) => <Money minor={minor} currency={currency} />;
  return (
    <Section>
      <Facts
        facts={[
          { label: 'rain.operator', value: player.operatorName },
          { label: 'rain.vendor_type', value: player.vendorType },
          { label: 'rain.site', value: player.site },
          { label: 'rain.balance', value: money(player.balance) },
          { label: 'rain.credit', value: money(credit) },
          { label: 'rain.player_exposure', value: money(player.exposure) },
          { label: 'rain.staked_today', value: money(dayStake) },
          { label: 'rain.min_bet', value: money(player.minBet) },
          { label: 'rain.max_bet', value: money(player.maxBet) },
          { label: 'rain.max_exposure', value: money(player.maxExposure) },
          { label: 'rain.made', value: <Instant at={player.createdAt} /> },
        ]}
      />
    </Section>
  );
}

function Protection({ detail }: ProfileProps) {
  const t = useT();
  const { locale } = useLanguage();
  const { timeZone } = useMe();
  const {
    player,
    nextMaxBet,
    nextDayStake,
    nextLimitsAt,
    clockMinutes,
    hasPassword,
    passwordTries,
    language,
  } = detail;
  const say = (minor: string | null) =>
    minor === null ? t('rain.no_limit') : formatMinor(minor, player.currency, locale);
  return (
    <Section>
      <Facts
        facts={[
          { label: 'rain.own_max_bet', value: say(player.ownMaxBet) },
          { label: 'rain.own_day_stake', value: say(player.ownDayStake) },
          { label: 'rain.excluded_until', value: <ExcludedUntil excludedUntil={player.excludedUntil} /> },
          { label: 'rain.blocked_since', value: <Instant at={player.blockedAt} /> },
          {
            label: 'rain.clock',
            value: clockMinutes === null ? '–' : t('rain.minutes', { n: clockMinutes }),
          },
          { label: 'rain.password', value: t(hasPassword ? 'rain.password_set' : 'rain.password_none') },
          { label: 'rain.tries', value: <Count value={passwordTries} /> },
          { label: 'rain.language', value: language ?? '–' },
        ]}
      />
      {nextLimitsAt === null ? null : (
        <p>
          {t('rain.next_limits', {
            at: formatInstant(nextLimitsAt, timeZone),
            bet: say(nextMaxBet),
            day: say(nextDayStake),
          })}
        </p>
      )}
    </Section>
  );
}

const REASON: ActField = { key: 'reason', type: 'reason' };
const EXCLUSIONS = [
  { value: '24h', label: 'rain.exclude_times.d1' },
  { value: '7d', label: 'rain.exclude_times.d7' },
  { value: '30d', label: 'rain.exclude_times.d30' },
  { value: '180d', label: 'rain.exclude_times.d180' },
  { value: 'forever', label: 'rain.exclude_times.ever' },
];

function Acts({ detail: { player, hasPassword } }: ProfileProps) {
  const path = `/rain/players/${player.id}`;
  const named = { name: player.userId };
  const amount = (key: 'minBet' | 'maxBet' | 'maxExposure', label: string): ActField => ({
    key,
    label,
    type: 'money',
    currency: player.currency,
    required: true,
    initial: player[key],
  });
  const isBlocked = player.blockedAt !== null;
  return (
    <Section title="rain.acts">
      <Row>
        <ActButton
          label={isBlocked ? 'rain.unblock' : 'rain.block'}
          text={isBlocked ? 'rain.unblock_text' : 'rain.block_text'}
          named={named}
          path={`${path}/${isBlocked ? 'unblock' : 'block'}`}
          fields={[REASON]}
          danger={!isBlocked}
          done="rain.done"
        />
        <ActButton
          label="rain.set_limits"
          text="rain.set_limits_text"
          path={`${path}/limits`}
          method="PUT"
          fields={[
            amount('minBet', 'rain.min_bet'),
            amount('maxBet', 'rain.max_bet'),
            amount('maxExposure', 'rain.max_exposure'),
            REASON,
          ]}
          done="rain.done"
        />
        <ActButton
          label="rain.exclude"
          text="rain.exclude_text"
          path={`${path}/exclude`}
          fields={[
            {
              key: 'for',
              type: 'choice',
              label: 'rain.exclude_for',
              required: true,
              choices: EXCLUSIONS,
              initial: '24h',
            },
            REASON,
          ]}
          danger
          done="rain.done"
        />
        <ActButton
          label="rain.reset_password"
          text="rain.reset_password_text"
          path={`${path}/password/reset`}
          fields={[REASON]}
          disabled={!hasPassword}
          danger
          done="rain.done"
        />
      </Row>
    </Section>
  );
}
