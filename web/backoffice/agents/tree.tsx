/**
 * The tree of agents: a node reads those below it when it is opened, in pages as long as there are more. As a tree of
 * the accessibility kind it is walked by arrow keys.
 */
import ChevronRight from '@mui/icons-material/ChevronRight';
import ExpandMore from '@mui/icons-material/ExpandMore';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import { type KeyboardEvent, useState } from 'react';
import { Link as To } from 'react-router';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Money } from '../kit/values.tsx';
import { type Agent, useShare } from './agent.ts';
import { AgentState } from './state.tsx';

interface Page {
  readonly rows: readonly Agent[];
  readonly next: string | null;
}

const PAGE = '100';

export function AgentTree() {
  const t = useT();
  const top = useApi<Page>('/agents', { parent: 'top', limit: PAGE }, { keep: true });
  return (
    <Read of={top}>
      {({ rows, next }) =>
        rows.length === 0 ? (
          <Nothing text="agents.empty" />
        ) : (
          <Paper variant="outlined" sx={{ p: { xs: 0.5, sm: 1 }, minWidth: 0 }}>
            <Box component="ul" role="tree" aria-label={t('agents.tree')} onKeyDown={walk} sx={BRANCH}>
              <Nodes rows={rows} parent="top" next={next} />
            </Box>
          </Paper>
        )
      }
    </Read>
  );
}

const BRANCH = { listStyle: 'none', m: 0, p: 0 } as const;

/** Arrow keys go from node to node as they are seen. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-node]')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[Math.max(0, at + step)]?.focus();
  event.preventDefault();
}

interface NodesProps {
  readonly rows: readonly Agent[];
  readonly parent: string;
  readonly next: string | null;
}

function Nodes({ rows, parent, next }: NodesProps) {
  return (
    <>
      {rows.map((row) => (
        <Node
          key={row.id}
          agent={row}
          isFirst={parent === 'top' && row.id === rows[0]?.id}
          isOpen={parent === 'top' && rows.length <= OPEN_AT_ONCE}
        />
      ))}
      {next === null ? null : <More parent={parent} after={next} />}
    </>
  );
}

/** The next page, once it is asked for. */
function More({ parent, after }: { readonly parent: string; readonly after: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const page = useApi<Page>(open ? '/agents' : null, { parent, after, limit: PAGE });
  if (!open)
    return (
      <li role="none">
        <Button onClick={() => setOpen(true)}>{t('agents.more')}</Button>
      </li>
    );
  return <Read of={page}>{({ rows, next }) => <Nodes rows={rows} parent={parent} next={next} />}</Read>;
}

/** So few roots are open at once, so that the first look shows something. */
const OPEN_AT_ONCE = 3;

interface NodeProps {
  readonly agent: Agent;
  /** The one the keyboard comes to. */
  readonly isFirst: boolean;
  readonly isOpen: boolean;
}

function Node({ agent, isFirst, isOpen }: NodeProps) {
  const t = useT();
  const isLeaf = agent.agentsBelow === 0;
  const [open, setOpen] = useState(isOpen && !isLeaf);
  const below = useApi<Page>(open ? '/agents' : null, { parent: agent.id, limit: PAGE }, { keep: true });
  const turn = (event: KeyboardEvent) => {
    if (isLeaf || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return;
    setOpen(event.key === 'ArrowRight');
    event.stopPropagation();
  };
  return (
    <li role="none">
      <Box
        role="treeitem"
        aria-level={agent.level}
        {...(isLeaf ? {} : { 'aria-expanded': open })}
        data-node
        tabIndex={isFirst ? 0 : -1}
        onKeyDown={turn}
        sx={ROW}
      >
        {isLeaf ? (
          <Box sx={{ width: 30 }} />
        ) : (
          <IconButton
            size="small"
            tabIndex={-1}
            aria-label={t(open ? 'agents.close' : 'agents.open', { name: agent.username })}
            onClick={() => setOpen(!open)}
          >
            {open ? <ExpandMore fontSize="small" /> : <ChevronRight fontSize="small" />}
          </IconButton>
        )}
        <Line agent={agent} />
      </Box>
      {open ? (
        <Box component="ul" role="group" sx={{ ...BRANCH, pl: { xs: 1.5, sm: 3 } }}>
          <Read of={below}>
            {({ rows, next }) => <Nodes rows={rows} parent={String(agent.id)} next={next} />}
          </Read>
        </Box>
      ) : null}
    </li>
  );
}

const ROW = {
  display: 'flex',
  alignItems: 'center',
  gap: 0.5,
  py: 0.5,
  borderBottom: 1,
  borderColor: 'divider',
} as const;

function Line({ agent }: { readonly agent: Agent }) {
  const t = useT();
  const share = useShare();
  const { id, username, nickname, pot, currency, wallet, bps, suspended } = agent;
  const facts = [
    <Money key="pot" minor={pot} currency={currency} />,
    <span key="rate">{`${t('agents.rate')} ${share(bps)}`}</span>,
    <span key="wallet">{t(`agents.wallets.${wallet}`)}</span>,
    <span key="below">
      {t('agents.below')} <Count value={agent.agentsBelow} />
    </span>,
    <span key="players">
      {t('agents.players')} <Count value={agent.players} more={agent.playersMore} />
    </span>,
  ];
  return (
    <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 2 }}>
      <Box sx={{ minWidth: { sm: 180 }, flex: { xs: '1 1 100%', sm: '0 1 auto' }, overflowWrap: 'anywhere' }}>
        <Link component={To} to={`/agents/${id}`} variant="body1">
          {username}
        </Link>
        {nickname === username ? null : (
          <Box component="span" sx={{ color: 'text.secondary', ml: 1, fontSize: '0.8125rem' }}>
            {nickname}
          </Box>
        )}
      </Box>
      {suspended ? <AgentState suspended /> : null}
      <Box sx={FACTS}>{facts}</Box>
    </Box>
  );
}

const FACTS = {
  ml: { sm: 'auto' },
  display: { xs: 'flex', md: 'grid' },
  gridTemplateColumns: '130px 90px 84px 120px 90px',
  textAlign: { md: 'right' },
  flexWrap: 'wrap',
  columnGap: 2,
  fontSize: '0.8125rem',
  color: 'text.secondary',
} as const;
