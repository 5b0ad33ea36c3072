/** One call of the guide. What is filled in goes into the programs and into the call that is tried out. */
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Section } from '../kit/facts.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { useT } from '../kit/text.ts';
import { Code } from './code.tsx';
import { Grid } from './grid.tsx';
import { Languages, useLanguageOfCode } from './languages.tsx';
import { type ApiCall, boundsOf, isNumber, outline, type Parameter } from './openapi.ts';
import { LANGUAGE_NAMES, LANGUAGES, snippet } from './snippets.ts';
import type { TryKey } from './try-key.tsx';
import { TryOut } from './try-out.tsx';
import type { Settings } from './wire.ts';

interface GuideCallProps {
  readonly call: ApiCall;
  readonly settings: Settings;
  readonly tryKey: TryKey;
  readonly onTryKey: (key: TryKey) => void;
}

export function GuideCall({ call, settings, tryKey, onTryKey }: GuideCallProps) {
  const t = useT();
  const [filled, setFilled] = useState<Readonly<Record<string, string>>>(() => firstOf(call));
  const [language, setLanguage] = useLanguageOfCode();
  const { method, path, summary, parameters, answers } = call;
  const values = valuesOf(call, filled);
  const text = snippet(language, { method, base: settings.apiBase, path, values });
  return (
    <>
      <Typography variant="h2" sx={{ mb: 0.5 }}>
        <code>
          {method} {path}
        </code>
      </Typography>
      <p>{summary}</p>
      <Section title="developer.parameters">
        {parameters.length === 0 ? t('developer.no_parameters') : null}
        <Box sx={{ display: 'grid', gap: 1.5, pt: 1, gridTemplateColumns: { xs: '1fr', lg: '1fr 1fr' } }}>
          {parameters.map((parameter) => (
            <ParameterInput
              key={parameter.name}
              of={parameter}
              value={filled[parameter.name] ?? ''}
              onChange={(value) => setFilled({ ...filled, [parameter.name]: value })}
            />
          ))}
        </Box>
      </Section>
      <Section title="developer.program">
        <Languages languages={LANGUAGES} names={LANGUAGE_NAMES} value={language} onChange={setLanguage} />
        <Code text={text} label={`${LANGUAGE_NAMES[language]}: ${method} ${path}`} />
        <Typography variant="body2" sx={{ mt: 1, color: 'text.secondary' }}>
          {t('developer.key_from_environment')}
        </Typography>
      </Section>
      <TryOut call={call} values={values} settings={settings} tryKey={tryKey} onTryKey={onTryKey} />
      <Section title="developer.answers">
        <Code text={shapeOf(answers)} label={t('developer.answers')} heightMax={320} />
        <Grid
          label="developer.errors"
          empty="developer.no_parameters"
          heads={['developer.status', 'developer.meaning']}
          rows={answers
            .filter(({ status }) => status !== '200')
            .map(({ status }) => ({
              key: status,
              cells: [status, <StatusMeaning key="is" status={status} />],
            }))}
        />
      </Section>
    </>
  );
}

function StatusMeaning({ status }: { readonly status: string }) {
  const t = useT();
  return (
    <Box component="span" sx={{ whiteSpace: 'normal' }}>
      {t(`developer.statuses.${status}`)}
    </Box>
  );
}

function shapeOf(answers: ApiCall['answers']): string {
  const done = answers.find(({ status }) => status === '200')?.schema ?? null;
  return done === null ? '' : outline(done);
}

/** Examples of what must be given; the rest is left out until somebody fills it in. */
function firstOf({ parameters }: ApiCall) {
  return Object.fromEntries(parameters.map(({ name, required, example }) => [name, required ? example : '']));
}

/** What goes out: what is filled in, numbers as numbers. */
function valuesOf({ parameters }: ApiCall, filled: Readonly<Record<string, string>>) {
  const given = parameters.flatMap(({ name, schema }) => {
    const text = filled[name]?.trim() ?? '';
    if (text === '') return [];
    const number = Number(text);
    return [[name, isNumber(schema) && Number.isFinite(number) ? number : text] as const];
  });
  return Object.fromEntries(given);
}

interface ParameterInputProps {
  readonly of: Parameter;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function ParameterInput({ of: parameter, value, onChange }: ParameterInputProps) {
  const { name, required, about, schema } = parameter;
  const help = [about, boundsOf(schema)].filter((part) => part !== '').join(' · ');
  if (schema.enum !== undefined)
    return (
      <div>
        <ChoiceInput
          label={name}
          value={value}
          required={required}
          choices={schema.enum.map((each) => ({ value: String(each), label: String(each), plain: true }))}
          {...(required ? {} : { none: 'kit.none' })}
          onChange={onChange}
        />
        <Typography variant="caption" component="p" sx={{ m: '3px 14px 0', color: 'text.secondary' }}>
          {help}
        </Typography>
      </div>
    );
  return (
    <TextField
      label={name}
      value={value}
      required={required}
      helperText={help}
      onChange={({ target }) => onChange(target.value)}
      slotProps={{
        htmlInput: {
          autoComplete: 'off',
          spellCheck: false,
          ...(isNumber(schema) ? { inputMode: 'decimal' } : {}),
        },
      }}
    />
  );
}
