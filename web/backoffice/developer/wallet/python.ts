/** A seamless wallet in Python (3.9 or later), whole: one file, one small database. Its certification is a test. */
export const WALLET_PYTHON = `# python3 wallet.py: CALLBACK_SECRET, PORT, WALLET_FILE
import hashlib, hmac, json, os, sqlite3, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SECRET = os.environ["CALLBACK_SECRET"].encode()
# Amounts in minor units: 100 = one of a currency with two decimals.
UNIT = int(os.environ.get("UNIT", "100"))
db = sqlite3.connect(os.environ.get("WALLET_FILE", "wallet.db"), check_same_thread=False, isolation_level=None)
db.execute("create table if not exists account (name text primary key, balance integer not null)")
db.execute("create table if not exists seen (id integer primary key, status integer not null, moved integer not null)")
lock = threading.Lock()


def is_signed(headers, payload):
    timestamp = headers.get("X-Timestamp", "")
    if not timestamp.isdigit() or abs(time.time() * 1000 - int(timestamp)) > 300_000:
        return False
    expected = hmac.new(SECRET, timestamp.encode() + payload, hashlib.sha256).hexdigest()
    # While the secret is changed there are two signatures: either will do.
    given = (headers.get("X-Signature", ""), headers.get("X-Signature-Previous", ""))
    return any(hmac.compare_digest(expected.encode(), text.encode()) for text in given)


def balance_of(name):
    row = db.execute("select balance from account where name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def change(packet):
    """The status to answer. All in one transaction: after the answer it must be on your disk."""
    db.execute("begin immediate")
    try:
        status = apply(packet)
        db.execute("commit")
        return status
    except BaseException:
        db.execute("rollback")
        raise


def apply(packet):
    name, transaction = packet["username"].lower(), packet["transaction"]
    # The same id again: the same answer, and nothing moves.
    before = db.execute("select status from seen where id = ?", (transaction["id"],)).fetchone()
    if before is not None:
        return before[0]
    balance = balance_of(name)
    if balance is None:
        return 404
    moved = round(packet["amount"] * UNIT)
    if transaction["type"] == "cancel":
        # Gives back what is said (of several bets of a round it names the first), once, if the bet was taken.
        referer = transaction["referer_id"]
        bet = db.execute("select status, moved from seen where id = ?", (referer,)).fetchone()
        moved = moved if bet is not None and bet[1] != 0 else 0
        # It is cancelled now; one that comes after its cancel is refused.
        db.execute("insert or replace into seen values (?, ?, 0)", (referer, 410 if bet is None else bet[0]))
    # Only bets and charges may be refused. A win, an adjust, an exceed_credit has happened.
    is_short = transaction["type"] in ("bet", "charge") and balance + moved < 0
    if is_short:
        moved = 0
    db.execute("insert into seen values (?, ?, ?)", (transaction["id"], 402 if is_short else 200, moved))
    db.execute("update account set balance = balance + ? where name = ?", (moved, name))
    return 402 if is_short else 200


class Wallet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.serve(urlsplit(self.path).query.encode(), None)

    def do_POST(self):
        payload = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.serve(payload, payload)

    def serve(self, payload, body):
        if not is_signed(self.headers, payload):
            return self.answer(401, {"message": "signature"})
        try:
            with lock:
                packet = None if body is None else json.loads(body)
                status = 200 if packet is None else change(packet)
                query = parse_qs(payload.decode()) if packet is None else {}
                name = packet["username"] if packet else query.get("username", [""])[0]
                balance = balance_of(name.lower())
        except Exception:
            return self.answer(500, {})
        if balance is None or status != 200:
            return self.answer(404 if status == 200 else status, {})
        self.answer(200, {"balance": balance / UNIT})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


ThreadingHTTPServer.daemon_threads = True
ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))), Wallet).serve_forever()
`;
