/** My page: what people may change about themselves. Whoever came by a link has no account to change. */
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Nothing } from '../kit/trouble.tsx';
import { useMe } from '../session.tsx';
import { Authenticator } from './authenticator.tsx';
import { Notifications } from './notifications.tsx';
import { Password } from './password.tsx';
import { Profile } from './profile.tsx';
import { Sessions } from './sessions.tsx';

export default function MyPage() {
  const t = useT();
  const { byLink } = useMe();
  return (
    <>
      <PageHead title={t('my.title')} />
      {byLink ? (
        <Nothing text="my.by_link" />
      ) : (
        <>
          <Profile />
          <Password />
          <Authenticator />
          <Notifications />
          <Sessions />
        </>
      )}
    </>
  );
}
