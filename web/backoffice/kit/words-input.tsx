/** A heading and a text in one language: both or neither. */
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import { type Language, OWN_NAMES, TAGS } from '../texts/languages.ts';
import { useT } from './text.ts';

interface PartShape {
  /** Key of its label, which the language's name follows. */
  readonly label: string;
  readonly charactersMax: number;
}

interface WordsInputProps<Heading extends string, Text extends string> {
  readonly language: Language;
  readonly words: Readonly<Record<Heading | Text, string>>;
  readonly heading: PartShape & { readonly key: Heading };
  readonly text: PartShape & { readonly key: Text; readonly rows: readonly [least: number, most: number] };
  readonly onChange: (words: Readonly<Record<Heading | Text, string>>) => void;
}

export function WordsInput<Heading extends string, Text extends string>({
  language,
  words,
  heading,
  text,
  onChange,
}: WordsInputProps<Heading, Text>) {
  const t = useT();
  const named = OWN_NAMES[language];
  const isBegun = words[heading.key].trim() !== '' || words[text.key].trim() !== '';
  const [minRows, maxRows] = text.rows;
  return (
    <Box role="group" aria-label={named} lang={TAGS[language].html} sx={{ display: 'grid', gap: 1 }}>
      <TextField
        label={`${t(heading.label)} · ${named}`}
        value={words[heading.key]}
        required={isBegun}
        onChange={({ target }) => onChange({ ...words, [heading.key]: target.value })}
        slotProps={{ htmlInput: { maxLength: heading.charactersMax, autoComplete: 'off' } }}
      />
      <TextField
        label={`${t(text.label)} · ${named}`}
        value={words[text.key]}
        required={isBegun}
        multiline
        {...{ minRows, maxRows }}
        onChange={({ target }) => onChange({ ...words, [text.key]: target.value })}
        slotProps={{ htmlInput: { maxLength: text.charactersMax } }}
      />
    </Box>
  );
}
