/**
 * An online casino operator, small but whole, who knows the hub by its XT API alone.
 * Environment: HUB_URL, API_KEY, OPERATOR_DATA_DIR; HOST (127.0.0.1), PORT (0 = any), ADMIN_PASSWORD; WALLET
 * (transfer), and CALLBACK_SECRET when it is seamless. A second site runs beside it when there is SECOND_API_KEY:
 * every name with SECOND_ before it is that site's own. CURRENCY (KRW) is that of all sites of the process.
 */
import { configsOf } from './config.ts';
import { startSite } from './start-site.ts';

const sites = await Promise.all(configsOf(process.env).map(startSite));
for (const { url, callbackUrl } of sites)
  console.log(`operator site: ${url}${callbackUrl === null ? '' : ` (callbacks below ${callbackUrl})`}`);
process.send?.({
  type: 'ready',
  url: sites[0]?.url,
  sites: sites.map(({ url, callbackUrl }) => ({ url, callbackUrl })),
});

let isClosing = false;
function drain(): void {
  if (isClosing) return;
  isClosing = true;
  Promise.all(sites.map((site) => site.close())).then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.once('SIGTERM', drain);
process.once('SIGINT', drain);
process.once('disconnect', drain);
