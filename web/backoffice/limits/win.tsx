/** Maximum winning limits. */
import { LimitsPage } from './page.tsx';

export default function WinLimits() {
  return <LimitsPage kind="win" />;
}
