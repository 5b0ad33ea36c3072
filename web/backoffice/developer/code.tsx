/** Text to be copied as it is: a program, a request, an answer. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useNotify } from 'ra-core';
import { useT } from '../kit/text.ts';

interface CodeProps {
  readonly text: string;
  /** What it is, for who cannot see it; already a text. */
  readonly label: string;
  readonly heightMax?: number;
}

export function Code({ text, label, heightMax = 420 }: CodeProps) {
  return (
    <Box sx={{ position: 'relative', minWidth: 0 }}>
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', mb: 0.5 }}>
        <CopyButton text={text} label={label} />
      </Box>
      <Box
        component="pre"
        tabIndex={0}
        role="region"
        aria-label={label}
        sx={{
          m: 0,
          p: 1.25,
          maxHeight: heightMax,
          overflow: 'auto',
          fontSize: '0.75rem',
          lineHeight: 1.5,
          fontFamily: 'ui-monospace, Menlo, Consolas, monospace',
          bgcolor: 'background.default',
          border: 1,
          borderColor: 'divider',
          borderRadius: 1,
        }}
      >
        {text}
      </Box>
    </Box>
  );
}

export function CopyButton({ text, label }: Pick<CodeProps, 'text' | 'label'>) {
  const t = useT();
  const notify = useNotify();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      notify(t('kit.copied'), { type: 'success' });
    } catch {
      notify(t('kit.not_copied'), { type: 'warning' });
    }
  };
  return (
    <Button variant="text" onClick={() => void copy()} aria-label={`${t('kit.copy')}: ${label}`}>
      {t('kit.copy')}
    </Button>
  );
}
