/** What was said in a thread, the oldest first. Texts are shown as they were typed: nothing in them is followed or run. */
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useT } from '../kit/text.ts';
import { Instant } from '../kit/values.tsx';
import { Attachments } from './files.tsx';
import type { Message } from './thread.ts';

export function Messages({ messages }: { readonly messages: readonly Message[] }) {
  const t = useT();
  return (
    <Box
      component="ol"
      aria-label={t('inquiries.messages')}
      sx={{ listStyle: 'none', p: 0, m: 0, mb: 2, display: 'grid', gap: 1.25 }}
    >
      {messages.map((message) => (
        <Box
          component="li"
          key={message.id}
          sx={{ minWidth: 0, display: 'flex', justifyContent: message.mine ? 'end' : 'start' }}
        >
          {message.act === 'write' || message.act === 'note' ? <Said {...message} /> : <Done {...message} />}
        </Box>
      ))}
    </Box>
  );
}

function Said({ by, at, text, internal, mine, attachments }: Message) {
  const t = useT();
  return (
    <Box
      sx={{
        ...{
          p: 1.5,
          borderRadius: 1.5,
          border: 1,
          minWidth: { xs: '70%', sm: 280 },
          maxWidth: { xs: '94%', sm: '78%' },
        },
        borderStyle: internal ? 'dashed' : 'solid',
        borderColor: internal ? 'warning.main' : mine ? 'primary.main' : 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          columnGap: 1,
          mb: 0.5,
          color: 'text.secondary',
          fontSize: '0.8125rem',
        }}
      >
        <strong>{by}</strong>
        {internal ? (
          <Box component="span" sx={{ color: 'warning.main', fontWeight: 600 }}>
            {t('desk.note_mark')}
          </Box>
        ) : null}
        <Box component="span" sx={{ ml: 'auto' }}>
          <Instant at={at} />
        </Box>
      </Box>
      <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Typography>
      <Attachments files={attachments} />
    </Box>
  );
}

/** Something that was done, not said. */
function Done({ by, at, act, text }: Message) {
  const t = useT();
  return (
    <Typography variant="body2" sx={{ color: 'text.secondary', width: '100%', textAlign: 'center' }}>
      {t(`inquiries.did.${act}`, { name: by })} · <Instant at={at} />
      {text === '' ? null : ` · ${text}`}
    </Typography>
  );
}
