/** One session of the rain book, as it is now: read again every two seconds. */
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import type { RainSessionDetail, TrailLines } from '../../../src/backoffice/rain-wire.ts';
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Status } from '../kit/values.tsx';
import { BetsOf } from './bets.tsx';
import { SessionActs } from './session-acts.tsx';
import { SessionFiguresPart } from './session-figures.tsx';
import { SessionKrainPart } from './session-krain.tsx';
import { Exposure, Ladder, Times } from './session-now.tsx';
import { OddsPart } from './session-odds.tsx';
import { ResultPart } from './session-result.tsx';
import { WeatherPart } from './session-weather.tsx';
import { Trail } from './trail.tsx';
import { MarketStatus, SessionStatus, useSessionName } from './values.tsx';

const LIVE_MS = 2000;
/** One that is over may be corrected still. */
const OVER_MS = 10_000;

export default function Session() {
  const { rainSessionId = '' } = useParams();
  const [everyMs, setEveryMs] = useState(LIVE_MS);
  const reading = useApi<RainSessionDetail>(`/rain/sessions/${rainSessionId}`, {}, { everyMs, keep: true });
  const status = reading.data?.session.status;
  useEffect(() => setEveryMs(status === 'SETTLED' || status === 'VOID' ? OVER_MS : LIVE_MS), [status]);
  return <Read of={reading}>{(detail) => <Shown detail={detail} />}</Read>;
}

function Shown({ detail }: { readonly detail: RainSessionDetail }) {
  const { session } = detail;
  const name = useSessionName();
  const path = `/rain/sessions/${session.id}`;
  return (
    <>
      <PageHead
        title={name(session)}
        back={{ to: `/rain/calendar?site=${session.site}&week=${session.gameDate}`, label: 'rain.calendar' }}
        beside={
          <>
            <SessionStatus status={session.status} />
            {session.status === 'OPEN' ? <MarketStatus market={session.market} /> : null}
            {session.said > 0 ? <Status tone="warn" label="rain.waiting_for_second" /> : null}
          </>
        }
      />
      <Ladder session={session} />
      <Exposure session={session} />
      <SessionActs detail={detail} />
      <Tabs
        label="rain.session"
        tabs={[
          {
            key: 'overview',
            label: 'rain.overview',
            render: () => (
              <>
                <OddsPart detail={detail} />
                <SessionFiguresPart path={path} />
                <Times detail={detail} />
              </>
            ),
          },
          { key: 'bets', label: 'rain.bets', render: () => <BetsOf of={{ session: session.id }} /> },
          { key: 'result', label: 'rain.findings', render: () => <ResultPart detail={detail} /> },
          { key: 'weather', label: 'rain.weather', render: () => <WeatherPart detail={detail} /> },
          { key: 'krain', label: 'rain.krain', render: () => <SessionKrainPart path={path} /> },
          { key: 'trail', label: 'rain.trail', render: () => <TrailPart path={path} /> },
        ]}
      />
    </>
  );
}

function TrailPart({ path }: { readonly path: string }) {
  const reading = useApi<TrailLines>(`${path}/trail`, {}, { everyMs: 10_000 });
  return <Read of={reading}>{({ lines }) => <Trail lines={lines} />}</Read>;
}
