/** From which amount on a second person must approve POT. */
import { ActButton } from '../kit/act-button.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Money } from '../kit/values.tsx';
import { useMe } from '../session.tsx';

interface Rule {
  readonly currency: string;
  readonly above: string | null;
  readonly setBy: string | null;
  readonly setAt: string | null;
}

export default function PotRules() {
  const t = useT();
  const rules = useApi<{ currencies: readonly Rule[] }>('/pot-rules');
  return (
    <>
      <PageHead title={t('pot.rules')} back={{ to: '/pot-requests', label: 'pot.title' }} />
      <Section>{t('pot.rules_text')}</Section>
      <Read of={rules}>
        {({ currencies }) =>
          currencies.length === 0 ? (
            <Nothing text="pot.no_currency" />
          ) : (
            currencies.map((rule) => <One key={rule.currency} rule={rule} />)
          )
        }
      </Read>
    </>
  );
}

function One({ rule: { currency, above, setBy, setAt } }: { readonly rule: Rule }) {
  const t = useT();
  const { role } = useMe();
  const isOwner = role === 'owner' || role === 'agent_owner';
  const amount = above === null ? t('pot.one_is_enough') : <Money minor={above} currency={currency} />;
  return (
    <Section
      actions={
        isOwner ? (
          <Row>
            <ActButton
              label="pot.set_rule"
              path="/pot-rules"
              method="PUT"
              fields={[
                {
                  key: 'above',
                  type: 'money',
                  label: 'pot.above',
                  currency,
                  required: true,
                  initial: above ?? '',
                },
                { key: 'reason', type: 'reason' },
              ]}
              body={(values) => ({ ...values, currency })}
              done="pot.rule_set"
            />
            {above === null ? null : (
              <ActButton
                label="pot.lift_rule"
                text="pot.lift_rule_text"
                path="/pot-rules"
                method="PUT"
                fields={[{ key: 'reason', type: 'reason' }]}
                body={({ reason }) => ({ currency, above: null, reason })}
                danger
                done="pot.rule_set"
              />
            )}
          </Row>
        ) : null
      }
    >
      <Facts
        facts={[
          { label: 'pot.currency', value: currency },
          { label: 'pot.above', value: amount },
          { label: 'pot.set_by', value: setBy ?? '–' },
          { label: 'pot.set_at', value: <Instant at={setAt} /> },
        ]}
      />
    </Section>
  );
}
