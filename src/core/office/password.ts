/** Which passwords the back office takes. What everybody tries first is refused, also with a number behind it. */

export const PASSWORD_CHARACTERS = { min: 10, max: 128 } as const;
/** A name this short is in many words. */
const NAME_CHARACTERS_MIN = 3;

/** True for a password that is too short, too long, or easily guessed of this person. */
export function isWeakPassword(password: string, person: string): boolean {
  const given = password.normalize('NFKC').toLowerCase();
  const characters = [...given];
  if (characters.length < PASSWORD_CHARACTERS.min || characters.length > PASSWORD_CHARACTERS.max) return true;
  if (new Set(characters).size < 5 || isRepeated(given) || isRun(given)) return true;
  if (person.length >= NAME_CHARACTERS_MIN && given.includes(person)) return true;
  return WELL_KNOWN.has(given) || WELL_KNOWN.has(bareOf(given)) || WELL_KNOWN.has(bareOf(plainOf(given)));
}

/** One piece over and over: abcabcabcabc. */
function isRepeated(text: string): boolean {
  return /^(.{1,8})\1+.{0,3}$/u.test(text);
}

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujm',
  '!@#$%^&*()',
];

/** Keys that lie side by side, or the alphabet, forwards or backwards. */
function isRun(text: string): boolean {
  const backwards = [...text].reverse().join('');
  return RUNS.some((run) => `${run}${run}`.includes(text) || `${run}${run}`.includes(backwards));
}

/** Without the numbers and marks people put at the ends. */
function bareOf(text: string): string {
  return text.replace(/^[\d\W_]+|[\d\W_]+$/gu, '');
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** Letters in place of what looks like them. Numbers at the end stay numbers: they are taken off as such. */
function plainOf(text: string): string {
  const end = /[\d\W_]*$/u.exec(text)?.[0] ?? '';
  const rest = text.slice(0, text.length - end.length);
  return [...rest].map((each) => LOOKALIKES[each] ?? each).join('') + end;
}

/** The best-known ones and the words they are made of, without what `bareOf` takes off. */
const WELL_KNOWN: ReadonlySet<string> = new Set(
  `password passwords passw0rd passwort passwordpassword mypassword newpassword oldpassword thepassword yourpassword
  password1password changeme changemenow changeit changethis letmein letmeinnow welcome welcomeback welcomehome welcometo
  administrator admin adminadmin administrador administrateur adminpassword passwordadmin rootroot rootpassword toor
  superuser superadmin sysadmin systemadmin supervisor operator manager master masterkey masterpassword default
  defaultpassword temporary temppass temppassword temppwd testing testtest testpassword testuser tester guest guestguest
  secret secrets topsecret secretpassword mysecret private access accessdenied login loginlogin loginpassword logmein
  qwerty qwertyu qwertyui qwertyuio qwertyuiop qwertyqwerty qwertz qwertzuiop azerty azertyuiop asdfgh asdfghjkl asdfasdf
  zxcvbn zxcvbnm zxcvbnmasdf qazwsx qazwsxedc qweasd qweasdzxc qweasdzxcv poiuytrewq lkjhgfdsa mnbvcxz asdqwe zaqwsx
  iloveyou iloveyouso iloveyoubaby iloveme ilovegod ilovejesus loveyou lovelove loveme lovely sweetheart darling
  princess prince sunshine sunflower starlight moonlight rainbow butterfly angel angels babygirl babyboy beautiful
  football footballs baseball basketball volleyball softball soccer hockey cricket liverpool liverpoolfc arsenal chelsea
  manchester manchesterunited barcelona realmadrid juventus yankees cowboys steelers lakers redskins packers
  superman batman spiderman ironman wolverine pokemon pikachu starwars startrek skywalker darthvader gandalf matrix
  dragon dragons dragonball monkey tiger tigers panther lion eagle eagles falcon phoenix unicorn horses puppies kitten
  michael michelle jennifer jessica jordan jordan23 ashley andrew anthony daniel charlie thomas robert matthew joshua
  christopher alexander alexandra nicole nicholas william samantha elizabeth victoria veronica stephanie sebastian
  computer computers internet microsoft windows macintosh android samsung galaxy google facebook instagram youtube
  whatsapp twitter linkedin amazon netflix spotify hotmail yahoo database server network security firewall wireless
  freedom forever whatever nothing everything something anything everyone nobody trustno trustnoone trustme believe
  blessed blessing christian jesus jesuschrist jesusislord heaven godisgood godbless hallelujah family families friends
  friendship children mother father brother sister grandma grandpa mommy daddy mylove mylife myfamily mybaby
  summer winter spring autumn january february march april august september october november december monday friday
  saturday sunday holiday christmas halloween birthday happybirthday vacation hollywood california newyork newyorkcity
  london londonuk paris tokyo seoul korea hongkong singapore shanghai beijing taiwan taipei america american australia
  canada england germany scotland ireland mexico brazil russia india pakistan philippines vietnam thailand indonesia
  mustang corvette ferrari porsche mercedes mercedesbenz lamborghini yamaha kawasaki harley harleydavidson toyota honda
  chocolate cookie cookies cheese banana orange strawberry blueberry pepper coffee whiskey guinness heineken budweiser
  thunder lightning hurricane tornado shadow darkness midnight killer hunter ranger warrior soldier samurai ninja
  wizard merlin magic mystery diamond diamonds crystal silver golden goldfish platinum treasure millionaire billionaire
  money moneymoney makemoney richrich lucky luckyone luckyday luckyseven jackpot jackpots jackpotwin casino casinoroyale
  casinocasino poker pokerface pokerstars blackjack baccarat roulette slots slotmachine gambling gambler betting bettor
  winner winners winning winwinwin bigwin bigwinner royalflush fullhouse allin gamehub croupier croupiers dealer dealers
  backoffice office officeoffice agent agents agentagent owner ownerowner finance financial support supportsupport trader
  trading company companyname business businesses corporate employee accounting accountant department customer service
  correcthorsebatterystaple correcthorse opensesame abracadabra swordfish mypass mypassword letmeinplease openthedoor
  qwerty1234qwerty abcabc abcdef abcdefg abcdefgh abcdefghi abcdefghij abcd1234abcd abc123abc test1234test pass1234pass
  asdf1234asdf a1b2c3d4e5 a1b2c3d4e5f6 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsx zaq1xsw2cde3 q1w2e3r4t5 q1w2e3r4t5y6
  dkssudgktpdy qlalfqjsgh rhksflwk tkfkdgody gkrrytkfkd ekdldjxm woainiwoaini woaini5201314 aini1314520 mima mimamima
  wodemima gongxifacai fafafa baobei qinaide laopo laogong zhongguo nihao nihaoma xiexie guanliyuan`
    .split(/\s+/)
    .flatMap((word) => [word, bareOf(word)])
    .filter((word) => word.length > 3),
);
