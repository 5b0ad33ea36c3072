/** Where a file is dropped or chosen. What is too large or of another type is refused before it is sent. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useId, useRef, useState } from 'react';
import { useLanguage } from '../language.tsx';
import { formatNumber } from './amount.ts';
import { useT } from './text.ts';

interface FileDropProps {
  /** Key of what is wanted. */
  readonly label: string;
  /** As of an input: `.csv,text/csv` or `image/png,image/jpeg`. */
  readonly accept: string;
  readonly bytesMax: number;
  readonly onFile: (file: File) => void;
  readonly disabled?: boolean;
}

const MEBIBYTE = 1024 * 1024;

export function FileDrop({ label, accept, bytesMax, onFile, disabled = false }: FileDropProps) {
  const t = useT();
  const { locale } = useLanguage();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const limit = formatNumber((bytesMax / MEBIBYTE).toFixed(1), locale);
  const take = (file: File | undefined) => {
    if (file === undefined || disabled) return;
    const problem = problemOf(file, { accept, bytesMax });
    setWrong(problem);
    if (problem === null) onFile(file);
  };
  return (
    <Box
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
      sx={{
        border: '1px dashed',
        borderColor: over ? 'primary.main' : 'divider',
        borderRadius: 1,
        p: 2,
        textAlign: 'center',
      }}
    >
      <Typography id={id} variant="body2" sx={{ color: 'text.secondary', mb: 1 }}>
        {t(label)} · {t('kit.at_most', { size: `${limit} MiB` })}
      </Typography>
      <Button
        variant="outlined"
        disabled={disabled}
        aria-describedby={id}
        onClick={() => input.current?.click()}
      >
        {t('kit.choose_file')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={t(label)}
        onChange={({ target }) => {
          take(target.files?.[0]);
          target.value = '';
        }}
      />
      {wrong === null ? null : (
        <Typography role="alert" variant="body2" sx={{ color: 'error.main', mt: 1 }}>
          {t(`kit.file.${wrong}`)}
        </Typography>
      )}
    </Box>
  );
}

function problemOf(file: File, { accept, bytesMax }: { readonly accept: string; readonly bytesMax: number }) {
  if (file.size > bytesMax) return 'too_large';
  const fits = accept.split(',').some((each) => {
    const wish = each.trim();
    if (wish.startsWith('.')) return file.name.toLowerCase().endsWith(wish);
    return wish.endsWith('/*') ? file.type.startsWith(wish.slice(0, -1)) : file.type === wish;
  });
  return fits ? null : 'other_type';
}
