/** A seamless wallet in PHP (8 or later), whole: one file behind a web server, one small database. */
export const WALLET_PHP = `<?php
// Serve …/balance and …/changeBalance with this file. Environment: CALLBACK_SECRET, WALLET_FILE
const UNIT = 100; // amounts in minor units: 100 = one of a currency with two decimals
$db = new PDO('sqlite:' . (getenv('WALLET_FILE') ?: 'wallet.db'), null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$db->exec('pragma busy_timeout = 1500');
$db->exec('create table if not exists account (name text primary key, balance integer not null)');
$db->exec('create table if not exists seen (id integer primary key, status integer not null, moved integer not null)');

function isSigned(string $payload): bool
{
    $timestamp = $_SERVER['HTTP_X_TIMESTAMP'] ?? '';
    if (!ctype_digit($timestamp) || abs(microtime(true) * 1000 - (int) $timestamp) > 300000) {
        return false;
    }
    $expected = hash_hmac('sha256', $timestamp . $payload, getenv('CALLBACK_SECRET'));
    // While the secret is changed there are two signatures: either will do.
    return hash_equals($expected, $_SERVER['HTTP_X_SIGNATURE'] ?? '')
        || hash_equals($expected, $_SERVER['HTTP_X_SIGNATURE_PREVIOUS'] ?? '');
}

function one(PDO $db, string $sql, array $values): array|false
{
    $statement = $db->prepare($sql);
    $statement->execute($values);
    return $statement->fetch(PDO::FETCH_NUM);
}

function answer(int $status, array $body): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    exit(json_encode((object) $body));
}

function apply(PDO $db, array $packet, string $name): int
{
    ['id' => $id, 'type' => $type, 'referer_id' => $referer] = $packet['transaction'];
    // The same id again: the same answer, and nothing moves.
    if ($before = one($db, 'select status from seen where id = ?', [$id])) {
        return (int) $before[0];
    }
    if (!($account = one($db, 'select balance from account where name = ?', [$name]))) {
        return 404;
    }
    $moved = (int) round($packet['amount'] * UNIT);
    if ($type === 'cancel') {
        // Gives back what is said (of several bets of a round it names the first), once, if the bet was taken.
        $bet = one($db, 'select status, moved from seen where id = ?', [$referer]);
        $moved = $bet && (int) $bet[1] !== 0 ? $moved : 0;
        // It is cancelled now; one that comes after its cancel is refused.
        one($db, 'insert or replace into seen values (?, ?, 0)', [$referer, $bet ? $bet[0] : 410]);
    }
    // Only bets and charges may be refused. A win, an adjust, an exceed_credit has happened.
    $isShort = in_array($type, ['bet', 'charge'], true) && $account[0] + $moved < 0;
    $moved = $isShort ? 0 : $moved;
    one($db, 'insert into seen values (?, ?, ?)', [$id, $isShort ? 402 : 200, $moved]);
    one($db, 'update account set balance = balance + ? where name = ?', [$moved, $name]);
    return $isShort ? 402 : 200;
}

$isRead = $_SERVER['REQUEST_METHOD'] === 'GET';
$payload = $isRead ? ($_SERVER['QUERY_STRING'] ?? '') : file_get_contents('php://input');
if (!isSigned($payload)) {
    answer(401, ['message' => 'signature']);
}
$packet = $isRead ? null : json_decode($payload, true, 512, JSON_THROW_ON_ERROR);
$name = mb_strtolower($packet['username'] ?? $_GET['username'] ?? '');
$status = 200;
if ($packet !== null) {
    // All in one transaction: after the answer it must be on your disk.
    $db->exec('begin immediate');
    $status = apply($db, $packet, $name);
    $db->exec('commit');
}
$account = one($db, 'select balance from account where name = ?', [$name]);
if (!$account || $status !== 200) {
    answer($status === 200 ? 404 : $status, []);
}
answer(200, ['balance' => $account[0] / UNIT]);
`;
