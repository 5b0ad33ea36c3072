/** What a browser says of itself, short: `Chrome 143, Windows`. Null: nothing known. */

/** In this order: most of them name others as well. */
const BROWSERS = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Whale', /\bWhale\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|HeadlessChrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/],
] as const;
const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const;

export function nameOfBrowser(said: string): string | null {
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(said)?.[1];
    if (version === undefined) continue;
    const system = SYSTEMS.find(([, each]) => each.test(said))?.[0];
    return [`${name} ${version}`, system].filter((part) => part !== undefined).join(', ');
  }
  return null;
}
