/** Questions often asked: read by everybody, written by the house. */
import ExpandMore from '@mui/icons-material/ExpandMore';
import Accordion from '@mui/material/Accordion';
import AccordionDetails from '@mui/material/AccordionDetails';
import AccordionSummary from '@mui/material/AccordionSummary';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { type FormEvent, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { CATEGORY_CHOICES } from '../inquiries/thread.ts';
import { ActButton } from '../kit/act-button.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Status } from '../kit/values.tsx';
import { useMay, useMe } from '../session.tsx';
import type { Faq } from './faq.ts';
import { FaqForm } from './faq-form.tsx';

export default function FaqPage() {
  const t = useT();
  const [search] = useSearchParams();
  const query = { contains: search.get('contains'), category: search.get('category'), limit: 500 };
  const reading = useApi<{ rows: readonly Faq[] }>('/faq', query, { keep: true });
  const isHouse = useMe().agent === null;
  const may = useMay();
  const writes = isHouse && may('answer');
  const [isNew, setNew] = useState(false);
  return (
    <>
      <PageHead
        title={t('desk.faq')}
        actions={
          <>
            {!isHouse && may('ask') ? (
              <Button component={Link} to="/desk/new" variant="outlined">
                {t('desk.open_new')}
              </Button>
            ) : null}
            {writes ? (
              <Button variant="contained" onClick={() => setNew(true)}>
                {t('desk.faq_new')}
              </Button>
            ) : null}
          </>
        }
      />
      <Search />
      {isNew ? <FaqForm onEnd={() => setNew(false)} /> : null}
      <Read of={reading}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Nothing text="desk.faq_empty" />
          ) : (
            rows.map((faq) => <Question key={faq.id} faq={faq} writes={writes} />)
          )
        }
      </Read>
    </>
  );
}

/** In the address, so that a link shows the same. */
function Search() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const [contains, setContains] = useState(search.get('contains') ?? '');
  const set = (values: { contains: string; category: string }) =>
    setSearch(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')));
  const category = search.get('category') ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set({ contains: contains.trim(), category });
  };
  return (
    <Box
      component="form"
      role="search"
      onSubmit={submit}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 2 }}
    >
      <TextField
        label={t('desk.faq_contains')}
        value={contains}
        onChange={({ target }) => setContains(target.value)}
        slotProps={{ htmlInput: { maxLength: 100, autoComplete: 'off' } }}
      />
      <ChoiceInput
        label={t('inquiries.category_label')}
        value={category}
        none="kit.all"
        choices={CATEGORY_CHOICES}
        onChange={(next) => set({ contains: contains.trim(), category: next })}
      />
      <Button type="submit" variant="outlined">
        {t('desk.faq_search')}
      </Button>
    </Box>
  );
}

function Question({ faq, writes }: { readonly faq: Faq; readonly writes: boolean }) {
  const t = useT();
  const [isEdited, setEdited] = useState(false);
  if (isEdited) return <FaqForm faq={faq} onEnd={() => setEdited(false)} />;
  return (
    <Accordion variant="outlined" disableGutters slotProps={{ heading: { component: 'h2' } }}>
      <AccordionSummary expandIcon={<ExpandMore />}>
        <Box
          sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', overflowWrap: 'anywhere' }}
        >
          <strong>{faq.question}</strong>
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {t(`inquiries.category.${faq.category}`)}
          </Box>
          {faq.published ? null : <Status tone="idle" label="desk.faq_hidden" />}
        </Box>
      </AccordionSummary>
      <AccordionDetails>
        <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', mb: 1 }}>{faq.answer}</Box>
        {writes ? (
          <Row>
            <Button variant="outlined" onClick={() => setEdited(true)}>
              {t('desk.faq_change')}
            </Button>
            <ActButton
              label="desk.faq_remove"
              text="desk.faq_remove_text"
              path={`/faq/${faq.id}`}
              method="DELETE"
              danger
              done="desk.faq_removed"
            />
          </Row>
        ) : null}
      </AccordionDetails>
    </Accordion>
  );
}
