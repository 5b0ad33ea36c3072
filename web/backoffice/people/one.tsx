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

interface ActsProps {
  readonly person: Person;
}

function Acts({ person }: ActsProps) {
  return (
    <>
      <Section title="people.change">
        <Row>
          <Changes person={person} />
        </Row>
      </Section>
      <Section title="people.help">
        <Row>
          <NewPassword person={person} />
          <Resets person={person} />
        </Row>
      </Section>
    </>
  );
}

const pathOf = ({ id }: Person) => `/people/${id}`;
const named = ({ shownName: name }: Person) => ({ name });

function Changes({ person }: ActsProps) {
  const isOff = person.disabledAt !== null;
  const shared = { path: pathOf(person), method: 'PATCH', done: 'people.changed' } as const;
  const name = { key: 'shownName', type: 'text', label: 'people.shown_name', required: true } as const;
  const role = { key: 'role', type: 'choice', label: 'people.role', required: true } as const;
  const roles = person.agentId === null ? HOUSE_CHOICES : AGENT_CHOICES;
  return (
    <>
      <ActButton {...shared} label="people.rename" fields={[{ ...name, initial: person.shownName }]} />
      <ActButton
        {...shared}
        label="people.give_role"
        text="people.give_role_text"
        fields={[{ ...role, choices: roles, initial: person.role }]}
      />
      <ActButton
        {...shared}
        label={isOff ? 'people.enable' : 'people.disable'}
        text={isOff ? 'people.enable_text' : 'people.disable_text'}
        named={named(person)}
        body={() => ({ disabled: !isOff })}
        danger={!isOff}
      />
    </>
  );
}

function NewPassword({ person }: ActsProps) {
  const [made, setMade] = useState<OneLink | null>(null);
  return (
    <>
      <ActButton<OneLink>
        label="people.reset_password"
        text="people.reset_password_text"
        named={named(person)}
        path={`${pathOf(person)}/reset`}
        body={() => ({ what: 'password' })}
        onDone={setMade}
      />
      <LinkShown made={made} title="people.link" text="people.link_text" onClose={() => setMade(null)} />
    </>
  );
}

function Resets({ person }: ActsProps) {
  const shared = { path: `${pathOf(person)}/reset`, named: named(person), done: 'people.changed' };
  return (
    <>
      <ActButton
        {...shared}
        label="people.reset_totp"
        text="people.reset_totp_text"
        body={() => ({ what: 'totp' })}
        danger
        disabled={!person.totp}
      />
      <ActButton
        {...shared}
        label="people.unlock"
        text="people.unlock_text"
        body={() => ({ what: 'lock' })}
      />
      <ActButton
        label="people.end_sessions"
        text="people.end_sessions_text"
        named={named(person)}
        path={`${pathOf(person)}/sessions`}
        method="DELETE"
        danger
        disabled={person.sessions === 0}
        done="people.sessions_ended"
      />
    </>
  );
}
