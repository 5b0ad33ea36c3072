/** Files with a message: put before it is sent, and shown in it. Pictures are shown, everything else is saved. */
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import Link from '@mui/material/Link';
import { useState } from 'react';
import { addressOf, ask } from '../api.ts';
import { formatNumber } from '../kit/amount.ts';
import { FileDrop } from '../kit/file-drop.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useLanguage } from '../language.tsx';
import type { Attached } from './thread.ts';

const FILES_MAX = 5;
const BYTES_MAX = 5 * 1024 * 1024;
const ACCEPT = 'image/png,image/jpeg,image/webp,image/gif,application/pdf,text/plain,text/csv,.csv,.txt,.log';
const KIBIBYTE = 1024;

function useSize(): (bytes: number) => string {
  const { locale } = useLanguage();
  return (bytes) => `${formatNumber(Math.max(1, Math.round(bytes / KIBIBYTE)), locale)} KiB`;
}

interface FilesProps {
  readonly files: readonly Attached[];
  readonly onChange: (files: readonly Attached[]) => void;
}

/** Sends each file at once; the message names them. */
export function Files({ files, onChange }: FilesProps) {
  const t = useT();
  const size = useSize();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const put = async (file: File) => {
    setBusy(true);
    setError(null);
    try {
      const query = { name: file.name.slice(0, 200) };
      onChange([...files, await ask<Attached>('/attachments', { method: 'POST', query, body: file })]);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <FileDrop
        label="inquiries.files_wanted"
        accept={ACCEPT}
        bytesMax={BYTES_MAX}
        disabled={busy || files.length >= FILES_MAX}
        onFile={(file) => void put(file)}
      />
      {error === null ? null : <Trouble error={error} />}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {files.map(({ id, name, size: bytes }) => (
          <Chip
            key={id}
            label={`${name} · ${size(bytes)}`}
            onDelete={() => onChange(files.filter((file) => file.id !== id))}
            slotProps={{ root: { 'aria-label': t('inquiries.take_away', { name }) } }}
            sx={{ maxWidth: '100%' }}
          />
        ))}
      </Box>
    </Box>
  );
}

export function Attachments({ files }: { readonly files: readonly Attached[] }) {
  const size = useSize();
  if (files.length === 0) return null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, mt: 1 }}>
      {files.map(({ id, name, type, size: bytes }) => (
        <Link
          key={id}
          href={addressOf(`/attachments/${id}`)}
          download={name}
          variant="body2"
          sx={{ maxWidth: '100%' }}
        >
          {type.startsWith('image/') ? (
            <Box
              component="img"
              src={addressOf(`/attachments/${id}`, { inline: 'yes' })}
              alt=""
              loading="lazy"
              sx={{
                display: 'block',
                maxWidth: 220,
                maxHeight: 160,
                borderRadius: 1,
                border: 1,
                borderColor: 'divider',
                mb: 0.5,
              }}
            />
          ) : null}
          <Box component="span" sx={{ overflowWrap: 'anywhere' }}>
            {name} · {size(bytes)}
          </Box>
        </Link>
      ))}
    </Box>
  );
}
