/** How an operator's own server answers callbacks: the rules, and a wallet in each language. */
import Typography from '@mui/material/Typography';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Code } from './code.tsx';
import { Languages, useLanguageOfCode } from './languages.tsx';
import { LANGUAGE_NAMES, LANGUAGES } from './snippets.ts';
import { WALLET_CSHARP } from './wallet/csharp.ts';
import { WALLET_JAVA } from './wallet/java.ts';
import { WALLET_NODE } from './wallet/node.ts';
import { WALLET_PHP } from './wallet/php.ts';
import { WALLET_PYTHON } from './wallet/python.ts';

const WALLETS = {
  php: WALLET_PHP,
  node: WALLET_NODE,
  python: WALLET_PYTHON,
  java: WALLET_JAVA,
  csharp: WALLET_CSHARP,
} as const;
type WalletLanguage = keyof typeof WALLETS;

const RULES = ['balance', 'change', 'once', 'refuse', 'cancel', 'durable', 'time', 'signature'] as const;

export function WalletGuide() {
  const t = useT();
  const [kept, setLanguage] = useLanguageOfCode();
  const language: WalletLanguage = kept === 'curl' ? 'node' : kept;
  return (
    <>
      <Section title="developer.wallet_guide">
        <Typography component="ul" variant="body1" sx={{ m: 0, pl: 2.5, '& li': { mb: 0.75 } }}>
          {RULES.map((rule) => (
            <li key={rule}>{t(`developer.rules.${rule}`)}</li>
          ))}
        </Typography>
      </Section>
      <Section title="developer.program">
        <p>{t('developer.wallets_text')}</p>
        <Languages
          languages={LANGUAGES.filter((each) => each !== 'curl')}
          names={LANGUAGE_NAMES}
          value={language}
          onChange={setLanguage}
        />
        <Code
          text={WALLETS[language]}
          label={`${LANGUAGE_NAMES[language]}: ${t('developer.wallet_guide')}`}
          heightMax={640}
        />
      </Section>
    </>
  );
}
