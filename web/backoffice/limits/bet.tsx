/** Maximum bet limits. */
import { LimitsPage } from './page.tsx';

export default function BetLimits() {
  return <LimitsPage kind="bet" />;
}
