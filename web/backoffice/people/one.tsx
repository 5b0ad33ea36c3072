/** One person: what they are, and what can be done for them or about them. */
import { useState } from 'react';
import { useParams } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { LinkShown, type OneLink } from '../kit/link-shown.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Flag, Instant } from '../kit/values.tsx';
import { useMe } from '../session.tsx';
import { AGENT_CHOICES, HOUSE_CHOICES, type Person } from './person.ts';
import { PersonState } from './state.tsx';

export default function OnePerson() {
  const { userId = '' } = useParams();
  const person = useApi<Person>(`/people/${userId}`);
  return <Read of={person}>{(found) => <Shown person={found} />}</Read>;
}

function Shown({ person }: { readonly person: Person }) {
  const t = useT();
  const { name } = useMe();
  const facts = [
    { label: 'people.name', value: person.name },
    { label: 'people.role', value: t(`roles.${person.role}`) },
    { label: 'kit.agent', value: person.agent ?? t('frame.house') },
    { label: 'people.totp', value: <Flag value={person.totp} /> },
    { label: 'people.sessions', value: <Count value={person.sessions} /> },
    { label: 'people.signed_in', value: <Instant at={person.signedInAt} /> },
    { label: 'people.signed_in_from', value: person.signedInIp ?? '–' },
    { label: 'people.password_set', value: <Instant at={person.passwordAt} /> },
    { label: 'people.locked_until', value: <Instant at={person.lockedUntil} /> },
    { label: 'people.invited_by', value: person.createdBy },
    { label: 'people.invited_at', value: <Instant at={person.createdAt} /> },
    { label: 'people.disabled_at', value: <Instant at={person.disabledAt} /> },
  ];
  return (
    <>
      <PageHead
        title={person.shownName}
        beside={<PersonState of={person} />}
        back={{ to: '/people', label: 'people.title' }}
      />
      <Section>
        <Facts facts={facts} />
      </Section>
      {person.name === name ? <Section>{t('people.oneself')}</Section> : <Acts person={person} />}
    </>
  );
}

function Acts({ person }: { readonly person: Person }) {
  const [made, setMade] = useState<OneLink | null>(null);
  const path = `/people/${person.id}`;
  const named = { name: person.shownName };
  const isOff = person.disabledAt !== null;
  return (
    <>
      <Section title="people.change">
        <Row>
          <ActButton
            label="people.rename"
            path={path}
            method="PATCH"
            fields={[
              {
                key: 'shownName',
                type: 'text',
                label: 'people.shown_name',
                required: true,
                initial: person.shownName,
              },
            ]}
            done="people.changed"
          />
          <ActButton
            label="people.give_role"
            text="people.give_role_text"
            path={path}
            method="PATCH"
            fields={[
              {
                key: 'role',
                type: 'choice',
                label: 'people.role',
                choices: person.agentId === null ? HOUSE_CHOICES : AGENT_CHOICES,
                required: true,
                initial: person.role,
              },
            ]}
            done="people.changed"
          />
          <ActButton
            label={isOff ? 'people.enable' : 'people.disable'}
            text={isOff ? 'people.enable_text' : 'people.disable_text'}
            named={named}
            path={path}
            method="PATCH"
            body={() => ({ disabled: !isOff })}
            danger={!isOff}
            done="people.changed"
          />
        </Row>
      </Section>
      <Section title="people.help">
        <Row>
          <ActButton<OneLink>
            label="people.reset_password"
            text="people.reset_password_text"
            named={named}
            path={`${path}/reset`}
            body={() => ({ what: 'password' })}
            onDone={setMade}
          />
          <ActButton
            label="people.reset_totp"
            text="people.reset_totp_text"
            named={named}
            path={`${path}/reset`}
            body={() => ({ what: 'totp' })}
            danger
            disabled={!person.totp}
            done="people.changed"
          />
          <ActButton
            label="people.unlock"
            text="people.unlock_text"
            named={named}
            path={`${path}/reset`}
            body={() => ({ what: 'lock' })}
            done="people.changed"
          />
          <ActButton
            label="people.end_sessions"
            text="people.end_sessions_text"
            named={named}
            path={`${path}/sessions`}
            method="DELETE"
            danger
            disabled={person.sessions === 0}
            done="people.sessions_ended"
          />
        </Row>
      </Section>
      <LinkShown made={made} title="people.link" text="people.link_text" onClose={() => setMade(null)} />
    </>
  );
}
