/** People who may sign in to this back office, and the invitation of others. */
import { useState } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField } from '../kit/act-form.tsx';
import { LinkShown, type OneLink } from '../kit/link-shown.tsx';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { useMe } from '../session.tsx';
import { AGENT_CHOICES, HOUSE_CHOICES, type Person, ROLE_CHOICES } from './person.ts';
import { PersonState } from './state.tsx';

const COLUMNS: readonly ListColumn<Person>[] = [
  { key: 'name', label: 'people.name', type: 'text', order: { ascending: 'name' } },
  { key: 'shownName', label: 'people.shown_name', type: 'text' },
  { key: 'role', label: 'people.role', type: 'text', render: ({ role }) => <RoleName role={role} /> },
  { key: 'agent', label: 'kit.agent', type: 'text' },
  {
    key: 'state',
    label: 'people.state',
    type: 'text',
    render: (row) => <PersonState of={row} />,
    notExported: true,
  },
  { key: 'totp', label: 'people.totp', type: 'flag' },
  { key: 'sessions', label: 'people.sessions', type: 'number', notExported: true },
  { key: 'signedInAt', label: 'people.signed_in', type: 'instant' },
  { key: 'signedInIp', label: 'people.signed_in_from', type: 'text', hidden: true },
  { key: 'passwordAt', label: 'people.password_set', type: 'instant', hidden: true },
  { key: 'createdBy', label: 'people.invited_by', type: 'text', hidden: true },
  { key: 'createdAt', label: 'people.invited_at', type: 'instant', order: { descending: 'newest' } },
];

const FILTERS: readonly ListFilter[] = [
  { type: 'text', key: 'name', label: 'people.name' },
  { type: 'choice', key: 'role', label: 'people.role', choices: ROLE_CHOICES },
  { type: 'agent' },
  { type: 'flag', key: 'disabled', label: 'people.disabled' },
];

export default function People() {
  return (
    <ListPage<Person>
      path="/people"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="name"
      rowLink={({ id }) => `/people/${id}`}
      empty="people.empty"
      actions={<Invite />}
    />
  );
}

function RoleName({ role }: Pick<Person, 'role'>) {
  const t = useT();
  return t(`roles.${role}`);
}

const NAMES: readonly ActField[] = [
  { key: 'name', type: 'text', label: 'people.name', help: 'people.name_help', required: true },
  { key: 'shownName', type: 'text', label: 'people.shown_name', required: true },
];

/** Of the house: its own, or an agent's; an agent's: their own agent's or one below. */
function Invite() {
  const { agent } = useMe();
  const [made, setMade] = useState<OneLink | null>(null);
  const roles = agent === null ? [...HOUSE_CHOICES, ...AGENT_CHOICES] : AGENT_CHOICES;
  const fields: readonly ActField[] = [
    ...NAMES,
    {
      key: 'role',
      type: 'choice',
      label: 'people.role',
      choices: roles,
      required: true,
      initial: agent === null ? 'support' : 'agent_staff',
    },
    { key: 'agentId', type: 'agent', label: agent === null ? 'people.agent_of' : 'people.agent_below' },
  ];
  return (
    <>
      <ActButton<OneLink>
        label="people.invite"
        title="people.invite_title"
        text="people.invite_text"
        path="/people"
        variant="contained"
        fields={fields}
        body={({ agentId = '', ...rest }) => (agentId === '' ? rest : { ...rest, agentId: Number(agentId) })}
        onDone={setMade}
      />
      <LinkShown made={made} title="people.link" text="people.link_text" onClose={() => setMade(null)} />
    </>
  );
}
