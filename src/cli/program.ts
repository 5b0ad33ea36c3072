/** The commands and their options: the table of contents of the CLI. */
import { Command } from 'commander';
import { RAIN_ACTS, type RainAct } from '../core/book/rain-acts.ts';
import * as agent from './agent.ts';
import * as agentCallback from './agent-callback.ts';
import * as book from './book.ts';
import * as callbacks from './callbacks.ts';
import { certify } from './certify.ts';
import * as office from './office.ts';
import * as ops from './ops.ts';
import * as player from './player.ts';
import * as rain from './rain.ts';
import * as rainBet from './rain-bet.ts';
import * as rainSite from './rain-site.ts';
import { reconcile } from './reconcile.ts';
import * as round from './round.ts';
import * as secret from './secret.ts';
import * as staff from './staff.ts';
import * as studio from './studio.ts';

const JSON_OPTION = ['--json', 'print the result as JSON'] as const;

export function buildProgram(): Command {
  const program = new Command('croupier')
    .description('Works on the database of the running hub: the embedded one of DATA_DIR, or DATABASE_URL.')
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .helpOption('-h, --help', 'show help');
  agentCommands(program);
  studioCommands(program);
  playerCommands(program);
  roundCommands(program);
  callbackCommands(program);
  rainCommands(program);
  bookCommands(program);
  staffCommands(program);
  officeCommands(program);
  opsCommands(program);
  certifyCommand(program);
  return program;
}

function sub(parent: Command, name: string, about: string): Command {
  return parent
    .command(name)
    .description(about)
    .option(...JSON_OPTION);
}

function agentCommands(program: Command): void {
  const group = program.command('agent').description('operators');
  sub(group, 'create', 'create an agent and its first API key (shown once)')
    .requiredOption('--username <name>', 'its name')
    .option('--nickname <name>', 'shown name')
    .option('--parent <name>', 'its upline')
    .option('--currency <code>', "ISO 4217 (default KRW, or the upline's)")
    .option('--pot <amount>', 'POT to give at once')
    .option('--wallet <kind>', 'transfer or seamless', 'transfer')
    .option('--callback-url <url>', 'where a seamless wallet is called')
    .action(agent.create);
  sub(group, 'set', 'change settings')
    .requiredOption('--username <name>', 'the agent')
    .option('--pacing <on|off>', 'one add/sub and one look a second for each user')
    .option('--feed-interval-ms <n>', 'least time between two reads of the feed')
    .option('--max-bet <amount>', 'largest bet of its players; none = no limit')
    .option('--max-win <amount>', 'largest win of its players; none = no limit')
    .option('--allowed-ips <list>', 'addresses or networks that may call, by comma; none = all')
    .option('--browser-origins <list>', 'origins that may call from a page, by comma; none = no page')
    .option('--callback-url <url>', 'where a seamless wallet is called; none = nowhere')
    .option('--user-agent <text>', 'what callbacks call themselves')
    .option('--slot-booster <on|off>', 'its answers must carry the balance, which is then believed')
    .option('--callback-cutoff-hours <n>', 'how long a callback is tried before it waits on the list')
    .option('--callback-cert <file>', 'certificate callbacks show (PEM), with its key; none = none')
    .option('--callback-key <file>', 'key of that certificate (PEM)')
    .option('--callback-ca <file>', 'authority that callbacks trust instead of the public ones (PEM)')
    .option('--suspended <on|off>', 'refuse all its calls')
    .action(agent.set);
  sub(group, 'pot', 'give POT to an agent or take it, from or to its upline')
    .requiredOption('--username <name>', 'the agent')
    .option('--give <amount>', 'amount to give')
    .option('--take <amount>', 'amount to take')
    .action(agent.pot);
  sub(group, 'list', 'all agents as a tree').action(agent.list);
  sub(group, 'keys', 'API keys: list, add or revoke')
    .requiredOption('--username <name>', 'the agent')
    .option('--add <label>', 'make a further key (shown once)')
    .option('--revoke <id>', 'end a key')
    .action(agent.keys);
  sub(group, 'secret', 'secrets that sign callbacks: list or rotate')
    .requiredOption('--username <name>', 'the agent')
    .option('--rotate', 'make a new one (shown once); the one before signs too until the next rotation')
    .option('--revoke-previous', 'end all but the newest')
    .action(agentCallback.secret);
  sub(group, 'limit', 'limits for a vendor, a game or a player of an agent; without amounts: list')
    .requiredOption('--username <name>', 'the agent')
    .option('--vendor <name>', 'only this vendor')
    .option('--game <id>', 'only this game of the vendor')
    .option('--player <name>', 'only this player')
    .option('--max-bet <amount>', 'none = no limit')
    .option('--max-win <amount>', 'none = no limit')
    .action(agent.limit);
}

function studioCommands(program: Command): void {
  const group = program.command('studio').description('game studios and the catalogue');
  sub(group, 'create', 'create a studio; its secret is shown once')
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--vendors <list>', 'its vendors, by comma')
    .action(studio.create);
  sub(group, 'rotate', 'give a studio a second secret; the one before it stays live until the next rotation')
    .requiredOption('--name <name>', 'the studio')
    .action(studio.rotate);
  sub(group, 'list', 'studios and their vendors').action(studio.list);
  sub(group, 'vendor', 'behaviours of a vendor; without options: show')
    .requiredOption('--name <name>', 'the vendor')
    .option('--enabled <on|off>', 'sell its games')
    .option('--zero-wins <on|off>', 'a lost round is told by a win of 0')
    .option('--multi-bet <on|off>', 'bets of a round are one bundle')
    .option('--cancel-pause-ms <n>', 'pause between a cancel and the next bet')
    .option('--betting-ms <n>', 'how long a round takes bets; 0 = no limit')
    .option('--round-limit-ms <n>', 'age from which an open round is overdue')
    .action(studio.vendor);
}

function playerCommands(program: Command): void {
  const group = program.command('player').description("operators' users");
  const named = (name: string, about: string) =>
    sub(group, name, about)
      .requiredOption('--username <name>', 'the user')
      .option('--agent <name>', 'its agent, when the name is not unique');
  named('show', 'a user with balance and protection').action(player.show);
  named('block', 'refuse all bets, also in running sessions')
    .option('--reason <text>', 'why', 'not given')
    .action(player.block);
  named('unblock', 'lift a block (self-exclusion stays)').action(player.unblock);
  named('exclude', 'self-exclusion: can be made longer, never shorter')
    .option('--days <n>', 'for so many days; absent = for good')
    .action(player.exclude);
  named('cool-off', 'a break of hours').requiredOption('--hours <n>', 'how long').action(player.coolOff);
  named('points', 'give bonus points, which the user may exchange')
    .requiredOption('--give <amount>', 'amount')
    .action(player.points);
}

function roundCommands(program: Command): void {
  const group = program.command('round').description('rounds that did not end');
  const named = (name: string, about: string) =>
    sub(group, name, about)
      .requiredOption('--game <id>', 'id of the game')
      .requiredOption('--vendor <name>', 'its vendor')
      .requiredOption('--round <id>', 'the round')
      .requiredOption('--player <id>', 'id of the user')
      .requiredOption('--reason <text>', 'why, for the audit trail');
  sub(group, 'list', 'open rounds of a studio, oldest first')
    .requiredOption('--studio <name>', 'the studio')
    .option('--overdue', 'only those beyond the limit of their vendor')
    .action(round.list);
  named('void', 'refund what is open').action(round.end('void'));
  named('settle', 'pay a win and end the round')
    .requiredOption('--amount <amount>', 'the win; 0 = lost')
    .action(round.end('settle'));
}

function callbackCommands(program: Command): void {
  const group = program
    .command('callbacks')
    .description('what operators with a seamless wallet are asked and told');
  sub(group, 'list', 'callbacks that are not through, oldest first')
    .option('--agent <name>', 'only of this agent (name or id)')
    .option('--player <name>', 'only of this user (name or id)')
    .option(
      '--state <state>',
      'asking, due, listed, resolved, or outstanding = all but resolved',
      'outstanding',
    )
    .option('--older-than <minutes>', 'only those that are so old')
    .option('--limit <n>', 'at most so many', '100')
    .action(callbacks.list);
  sub(group, 'show', 'one callback with every attempt, also one that has ended')
    .argument('<id>', 'id of the transaction')
    .option('--agent <name>', 'its agent: quicker for one that ended long ago')
    .action(callbacks.show);
  sub(group, 'resend', 'send one again now, or all of an agent that were given up')
    .argument('[id]', 'id of the transaction')
    .option('--agent <name>', 'its agent (name or id)')
    .option('--all-listed', 'all of the agent that were given up')
    .option('--reason <text>', 'why, for the audit trail')
    .action(callbacks.resend);
  sub(group, 'resolve', 'take one off as settled by hand: the operator is never told of it')
    .argument('<id>', 'id of the transaction')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--agent <name>', 'its agent (name or id)')
    .action(callbacks.resolve);
  sub(group, 'health', 'operators: outstanding, last success, failures and times of the last minutes')
    .option('--agent <name>', 'only this agent (name or id)')
    .action(callbacks.health);
}

const RAIN_ABOUT: Readonly<Record<RainAct, string>> = {
  open: 'open betting when its time has come',
  suspend: 'take no bets for now',
  resume: 'take bets again',
  close: 'take no more bets',
  result: 'state the result; a second person must confirm it',
  confirm: 'confirm what another person has stated',
  settle: 'settle now what hubs settle by themselves',
  void: 'call a session off, also a settled one; a second person must confirm it',
  resettle: 'correct the result; a second person must confirm it',
};

function rainCommands(program: Command): void {
  const group = program.command('rain').description('sessions of the rain book');
  siteCommands(group);
  betCommands(group);
  sub(group, 'sessions', 'sessions that are not over; with days or statuses: those')
    .option('--site <name>', 'only of this site')
    .option('--from <day>', 'betting days from this one on, yyyy-MM-dd')
    .option('--to <day>', 'up to this one')
    .option('--status <list>', 'only in these statuses, by comma')
    .action(rain.sessions);
  sub(group, 'show', 'a session, what was said of its result, and how far it is settled')
    .requiredOption('--session <id>', 'the session')
    .action(rain.show);
  for (const kind of RAIN_ACTS) {
    const command = sub(group, kind, RAIN_ABOUT[kind])
      .requiredOption('--session <id>', 'the session')
      .option('--as <name>', 'the person who does it (default: the user of this system)')
      .option('--reason <text>', 'why, for the audit trail');
    if (kind === 'result' || kind === 'resettle')
      command.requiredOption('--result <result>', 'RAIN, NO_RAIN or VOID');
    if (kind === 'confirm')
      command.option('--result <result>', 'what you believe was stated; needed where persons differ');
    if (kind === 'result' || kind === 'resettle' || kind === 'confirm')
      command.option('--rain-mm <mm>', 'rain of the hours of the session');
    command.action(rain.act(kind));
  }
}

function betCommands(parent: Command): void {
  const group = parent.command('bet').description('bets of the book, and those K-Rain leaves open');
  const named = (name: string, about: string) =>
    sub(group, name, about).requiredOption('--bet <id>', 'the bet');
  named('show', 'a bet, what K-Rain says of its order, and what was ruled of it').action(rainBet.show);
  named('rule', 'say what became of a bet in CHECK; counts when two persons say the same')
    .requiredOption('--fate <fate>', "taken, as K-Rain's statement says, or failed")
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--stake <amount>', 'taken: the stake in the statement')
    .option('--odds <odds>', 'taken: the odds in the statement')
    .option('--win <amount>', 'taken: the net win in the statement')
    .option('--as <name>', 'the person who does it (default: the user of this system)')
    .action(rainBet.rule);
}

function siteCommands(parent: Command): void {
  const group = parent.command('site').description('stations, their hours, odds and limits');
  sub(group, 'list', 'all sites with their settings').action(rainSite.list);
  sub(group, 'set', 'change settings; a change of hours makes sessions anew that nobody can have bet in')
    .requiredOption('--site <name>', 'the site')
    .option('--as <name>', 'the person who does it (default: the user of this system)')
    .option('--station <name>', 'name of the weather station')
    .option('--latitude <degrees>', 'where it is')
    .option('--longitude <degrees>', 'where it is')
    .option('--time-zone <zone>', 'its local time, as IANA names it')
    .option('--threshold-mm <mm>', "so much in a session's hours is rain")
    .option('--calendar <json>', 'sessions of a day: [{"type":"NOON","from":"06:00","to":"18:00"}]')
    .option('--opens-before-min <n>', 'betting opens so many minutes before the hours')
    .option('--closes-before-min <n>', 'and closes so many before them')
    .option('--margin-bps <n>', "what is taken off K-Rain's odds, in hundredths of a per cent of their net")
    .option('--odds-valid-s <n>', 'odds are good so long when nothing is heard')
    .option('--own-bps <n>', 'share of a stake the book keeps, in hundredths of a per cent')
    .option('--own-min-bps <n>', 'and keeps at least when its pool is near its limit')
    .option('--pool-max <amount>', 'most the book itself may lose in a session')
    .option('--automatic <on|off>', 'the weather source settles without a person')
    .option('--enabled <on|off>', 'has sessions')
    .action(rainSite.set);
}

function bookCommands(program: Command): void {
  const group = program.command('book').description('the rain book: operators, exposure, K-Rain');
  const operators = group.command('operator').description('sites that sell it to their players');
  const named = (name: string, about: string) =>
    sub(operators, name, about)
      .requiredOption('--name <name>', 'its name')
      .option('--allowed-ips <list>', 'addresses or networks that may call, by comma; any = all')
      .option('--time-zone <zone>', 'how the times it sends are read')
      .option('--enabled <on|off>', 'may call');
  named('create', 'make one; its certCode is shown once').action(book.createOperator);
  named('set', 'change settings')
    .option('--renew-cert', 'a fresh certCode, shown once; the one before is dead at once')
    .action(book.setOperator);
  sub(operators, 'list', 'all of them').action(book.listOperators);
  sub(group, 'exposure', 'what the book may gain and lose, session by session')
    .option('--session <id>', 'only this one, also when it is over')
    .action(book.exposure);
  sub(
    group,
    'reconcile',
    "our bets at K-Rain against K-Rain's statement; 0 = equal, 1 = different, 2 = not found out",
  )
    .option('--session <id>', 'only this session')
    .option('--days <n>', 'sessions that ended within so many days, and all that opened since', '7')
    .action(book.reconcile);
}

function staffCommands(program: Command): void {
  const keys = program
    .command('staff')
    .description('who may use the staff API')
    .command('key')
    .description('keys');
  sub(keys, 'create', 'make a key (shown once)')
    .requiredOption('--name <name>', 'the person: what it does is kept under this name')
    .requiredOption('--role <role>', 'owner, trader or read')
    .action(staff.createKey);
  sub(keys, 'list', 'all keys').action(staff.listKeys);
  sub(keys, 'revoke', 'end a key').argument('<id>', 'id of the key').action(staff.revokeKey);
}

function officeCommands(program: Command): void {
  const group = program.command('office').description('the back office');
  const users = group.command('user').description('people who sign in');
  const named = (name: string, about: string) =>
    sub(users, name, about).requiredOption('--name <name>', 'the person');
  named('create', 'invite a person; the link to set a password is shown once')
    .requiredOption(
      '--role <role>',
      'owner, finance, support, trader, read; with --agent: agent_owner, agent_staff',
    )
    .option('--agent <name>', 'the agent the person works for')
    .option('--shown-name <name>', 'how the person is called on the page')
    .option('--password-stdin', 'read the password from standard input; no link then')
    .action(office.createUser);
  sub(users, 'list', 'all of them').action(office.listUsers);
  named('reset', 'help a person back in')
    .requiredOption(
      '--what <what>',
      'password (a link), totp (the authenticator is lost) or lock (too many wrong tries)',
    )
    .action(office.resetUser);
  named('disable', 'shut a person out, at once and everywhere').action(office.switchUser('disable'));
  named('enable', 'let a person in again').action(office.switchUser('enable'));
  sub(group, 'link', "a link into an agent's back office, good once and for two minutes")
    .requiredOption('--agent <name>', 'the agent')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--role <role>', 'agent_owner or agent_staff', 'agent_owner')
    .action(office.link);
}

function opsCommands(program: Command): void {
  const keys = program.command('secret').description('the master key');
  sub(keys, 'reseal', 'seal everything anew with SECRET_KEY that OLD_SECRET_KEY has sealed').action(
    secret.reseal,
  );
  sub(program, 'audit', 'prove that the ledger holds; exit code 1 when it does not').action(ops.audit);
  sub(program, 'migrate', 'bring the database up to date').action(ops.migrate);
  sub(program, 'backup', 'write everything to a file, in one snapshot')
    .argument('<file>', 'file to write')
    .action(ops.backup);
  sub(program, 'restore', 'load a backup into an empty database')
    .argument('<file>', 'file to read')
    .action(ops.restore);
  sub(
    program,
    'reconcile',
    "match an operator's export against the hub; 0 = equal, 1 = different, 2 = not found out",
  )
    .requiredOption('--agent <name>', 'the operator')
    .requiredOption('--file <file>', 'its export: ids and signed amounts, may be gzipped; - = standard input')
    .option('--format <name>', 'csv, json or jsonl (default: found out)')
    .option('--from <instant>', 'rows from this time on, UTC (default: from the first exported)')
    .option('--to <instant>', 'rows before this time, UTC (default: up to the last exported)')
    .option('--id-column <name>', 'where the transaction id is: name or number (default: the usual names)')
    .option('--amount-column <name>', 'where the amount is')
    .option('--limit <n>', 'how many differences of each kind are shown', '20')
    .option('--out <file>', 'write all differences as CSV')
    .action(reconcile);
}

function certifyCommand(program: Command): void {
  sub(program, 'certify', "put an operator's seamless wallet to the test; exit code 1 when it is not fit")
    .option('--callback-url <url>', 'where its wallet is called')
    .option(
      '--username <name>',
      'one of its users, with some money, whom nobody else moves meanwhile',
      'certify',
    )
    .option('--secret <text>', 'what calls are signed with; also by CALLBACK_SECRET; absent = unsigned')
    .option('--user-agent <text>', 'as what the hub calls', 'GuzzleHttp/7')
    .option('--currency <code>', 'ISO 4217', 'KRW')
    .option('--slot-booster <on|off>', 'answers must carry the balance', 'off')
    .option('--cert <file>', 'client certificate, PEM')
    .option('--key <file>', 'its key, PEM')
    .option('--ca <file>', 'authority to trust in place of the public ones, PEM')
    .option('--only <ids>', 'only these checks, by comma')
    .option('--seed <text>', 'the packets of an earlier run, to a wallet that has not seen them')
    .option('--list', 'the checks and what failing them costs, as Markdown')
    .action(certify);
}
