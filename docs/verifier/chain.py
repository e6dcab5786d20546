"""The chain of an evidence bundle, version 1: its conventions, its kinds of entries, signatures, and what must hold from entry to entry.

Written from docs/evidence.md alone, like verify.py beside it, whose other half it is. Sections are named as there.
"""
from __future__ import annotations

import base64, hashlib, json, re, sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Callable
try:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
except ImportError:
    sys.stderr.write("verify.py: the package `cryptography` is missing: pip install cryptography\n")
    sys.exit(2)

KIB, MIB, GIB = 2**10, 2**20, 2**30
LEVELS, SAFE = 64, 2**53 - 1  # nesting of JSON, the largest number
COMMANDS, RANGES, OPERATIONS, HOLDS = 100_000, 1_000_000, 1_000_000, 100_000
DEPTH, AGENTS = 32, 200
RECORDING = r"recordings/[A-Za-z0-9_-]{1,64}/[a-z][a-z0-9-]{0,63}"
COUNTS = ("entries", "allowed", "refused", "masked", "withoutOutcome", "waiting", "approved", "connections", "connectionsRefused",
          "commands", "delegations", "agents", "incidents", "recordings", "recordedBytes", "checkpoints", "unknown")
Keys = dict[tuple[str, str], rsa.RSAPublicKey]  # by issuer and kid

class Broken(Exception):
    """Something that MUST hold does not."""

def need(condition: bool, what: str) -> None:
    if not condition:
        raise Broken(what)

# --- Conventions

def ecmascript(number: float) -> str:
    """A number as ECMAScript writes it. Python finds the same digits and differs in where exponents begin. Only tokens may have such."""
    need(abs(number) < float("inf"), "has a number that JSON cannot hold")
    if number == 0 or 1e-6 <= abs(number) < 1e21:
        return format(Decimal(repr(number)), "f").removesuffix(".0") if number else "0"
    return repr(number).replace("e-0", "e-")

def write(value: Any, levels: int) -> str:
    if isinstance(value, (list, dict)):
        need(levels > 0, f"is nested more than {LEVELS} levels deep")
        if isinstance(value, list):
            return "[" + ",".join([write(item, levels - 1) for item in value]) + "]"
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))  # raises on lone surrogates
        return "{" + ",".join([write(name, 0) + ":" + write(value[name], levels - 1) for name in names]) + "}"
    return ecmascript(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)  # escapes texts as RFC 8785 does

def canonical(value: Any) -> bytes:
    return write(value, LEVELS).encode("utf-8")  # raises on lone surrogates

def whole(literal: str) -> int:
    need(len(literal) <= 17 and abs(int(literal)) <= SAFE, "has a number beyond 2^53 - 1")
    return int(literal)

def refuse(literal: str) -> Any:
    raise Broken("has a number that is not an integer")

def members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    need(len(dict(pairs)) == len(pairs), "has an object with the same member twice")
    return dict(pairs)

def parse(data: bytes, integer: Callable[[str], Any] = float, other: Callable[[str], Any] = float) -> tuple[Any, bytes]:
    """The value of JSON, and its canonical form: it is refused if it has none."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=members_once, parse_int=integer, parse_float=other, parse_constant=refuse)
        return value, canonical(value)
    except (RecursionError, ValueError) as error:
        raise Broken("is nested too deeply" if isinstance(error, RecursionError) else "is not JSON in UTF-8") from None

def parse_canonical(data: bytes) -> Any:
    value, form = parse(data, whole, refuse)
    need(form == data, "is not canonical JSON")
    return value

def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

def decoded(value: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4))
    except ValueError:
        raise Broken("has something that is not base64url") from None
    need(base64url(data) == value, "has base64url that is not strict")
    return data

def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

def digest_of(value: Any) -> str:
    return base64url(hashlib.sha256(canonical(value)).digest())

def instant(time: str) -> int:
    """Milliseconds since 1970. Raises if there is no such day or time."""
    return (datetime.fromisoformat(time[:-1]) - datetime(1970, 1, 1)) // timedelta(milliseconds=1)

# --- Kinds of entries, and other objects: NAME:TYPE, where TYPE? may be null, TYPE* is an array, and A|B is one of these texts

def table(objects: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: dict(re.findall(r"(\S+):(\S+)", members)) for name, members in objects.items()}

KINDS = table({
    "session": "session:link gateway:gateway issuer:text claims:texts chain:step* policySha256:hash policySource:source? clientKey:bytes32"
               " evidenceKey:bytes32 nonce:text keeps:keeps confinement:confined|unconfined",
    "decision": "decision:id connection:text link:link target:text duty:text outcome:allow|hold|deny|unjudgeable|over-limit rules:text* reasons:text*"
                " pairs:pair* statement:text parameters:text*?",
    "outcome": "decision:id status:ok|error|suspended|skipped|cut code:text? rows:integer bytes:integer masked:integer"
               " durationMicros:integer responseSha256:hash?",
    "hold": "hold:id decision:id operation:hash environment:text expires:time",
    "approval": "hold:id verdict:approved|rejected|expired|withdrawn approver:person? run:text? receipt:text? why:text?",
    "release": "decision:id outcome:allow|deny reasons:text*",
    "confinement": "link:link entrance:text proved:text*", "cage": "cage:link event:made|entered|ended command:link?",
    "incident": "incident:text clientKey:text",
    "connection": "connection:text target:text link:link event:opened|refused|closed why:text?",
    "command": "link:link event:started|ended argv:text* exitCode:exit? signal:text?",
    "delegation": "link:link parent:link principal:text duty:text executable:text started:time keyThumbprint:bytes32? duties:text*"
                  " chainSha256:hash",
    "agent": "link:link agent:link principal:text duty:text executable:text? pid:positive? started:time match:text?"
             " proof:executable|script|name|unproved why:text? duties:text*",
    "mint": "link:link audience:text outcome:granted|refused",
    "egress": "link:link attempt:text event:asked|opened|refused|closed host:text port:integer? rule:text? protocol:tls|http|raw? seen:text? address:text?"
              " why:text? sent:integer received:integer durationMicros:integer times:positive",
    "recording": "file:rec-path offset:integer bytes:positive sha256:hash", "checkpoint": "key:jwk sig:bytes64",
    "seal": "entries:integer allowed:integer refused:integer masked:integer"})
EXACT = ("line", "jwk", "signature")  # these have no other members; others may have more, which are passed over
OBJECTS = KINDS | table({
    "line": "at:time entry:entry n:integer prev:hash v:one", "entry": "kind:name", "jwk": "crv:Ed25519 kty:OKP x:bytes32",
    "step": "principal:text duty:text executable:text started:time keyThumbprint:text", "pair": "effect:text object:object",
    "source": "repository:text repositoryId:text path:text ref:text commit:text", "object": "kind:text",
    "person": "id:person-id login:text",
    "keeps": "recordings:full|encrypted|none responses:full|encrypted|digest|none token:at-once|after-expiry recipients:text*",
    "signature": "alg:EdDSA key:jwk sig:bytes64", "claims": "iss:text aud:text sub:text jti:text iat:number exp:number",
    "keys": "issuers:issuer*", "issuer": "issuer:text keys:any*", "rsa": "kty:RSA use:sig kid:kid n:text e:text",
    "local": "alg:EdDSA typ:JWT jwk:jwk", "outside": "alg:RS256 kid:kid"})
PATTERNS = {
    "text": ".*", "hash": "[0-9a-f]{64}", "link": "[A-Za-z0-9_-]{1,64}", "gateway": "[A-Za-z0-9._-]{1,64}", "name": "[a-z][a-z0-9-]{0,63}",
    "person-id": "[1-9][0-9]{0,19}", "rec-path": RECORDING + r"\.rec(\.age)?", "base64url": "[A-Za-z0-9_-]*",
    "time": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"}
TESTS: dict[str, Callable[[Any], bool]] = {
    "any": lambda value: True, "number": lambda value: type(value) is float, "exit": lambda value: type(value) is int,  # bool is no int
    "integer": lambda value: type(value) is int and value >= 0, "positive": lambda value: type(value) is int and value > 0,
    "one": lambda value: type(value) is int and value == 1,
    "bytes32": lambda value: fits(value, "base64url") and len(decoded(value)) == 32,
    "bytes64": lambda value: fits(value, "base64url") and len(decoded(value)) == 64,
    "id": lambda value: isinstance(value, str) and 1 <= len(value.encode("utf-16-be")) // 2 <= 128,
    "kid": lambda value: isinstance(value, str) and 1 <= len(value.encode("utf-16-be")) // 2 <= 256,
    "texts": lambda value: isinstance(value, dict) and all(isinstance(text, str) for text in value.values())}

def fits(value: Any, kind: str) -> bool:
    if kind[-1] == "?":
        return value is None or fits(value, kind[:-1])
    if kind[-1] == "*":
        return isinstance(value, list) and all(fits(item, kind[:-1]) for item in value)
    if kind in OBJECTS:
        return (isinstance(value, dict) and (kind not in EXACT or len(value) == len(OBJECTS[kind]))
                and all(name in value and fits(value[name], member) for name, member in OBJECTS[kind].items()))
    if kind in PATTERNS:
        return (isinstance(value, str) and re.fullmatch(PATTERNS[kind], value, re.DOTALL) is not None
                and (kind != "time" or isinstance(instant(value), int)))
    return TESTS[kind](value) if kind in TESTS else isinstance(value, str) and value in kind.split("|")

# --- Signatures: `token.jwt`, receipts, keys from outside

def check_ed25519(key: dict[str, str], thumbprint: str, signature: bytes, message: bytes) -> None:
    """RFC 8032. The library refuses S of the order or above and compares R as bytes, but would take a y of the key modulo p."""
    need(digest_of(key) == thumbprint, "is signed by another key than the session entry names")
    x, p = decoded(key["x"]), 2**255 - 19
    y = int.from_bytes(x, "little") & (2**255 - 1)
    need(y < p and not (y in (1, p - 1) and x[31] & 128), "has a key that is no canonical point")
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(x).verify(signature, message)
    except Exception:
        raise Broken("has a signature that is not good") from None

class Jws:
    """A compact JWS in the strict form of `token.jwt` and receipts."""
    def __init__(self, token: str, may_be_unsigned: bool = False) -> None:
        need(token.count(".") == 2, "is no compact JWS")
        self.signed, _, signature = token.rpartition(".")
        self.signature = decoded(signature)
        need(may_be_unsigned or signature != "", "has no signature")
        self.header, self.claims = (parse(decoded(part))[0] for part in self.signed.split("."))
        need(isinstance(self.header, dict) and fits(self.claims, "claims"), "has a header or claims of a wrong form")

    def check_header(self, kind: str, *refused: str) -> None:
        need(fits(self.header, kind) and self.header.get("typ", "JWT") == "JWT", "has a wrong header")
        need(not any(name in self.header for name in ("jku", "x5u", "x5c", "crit", "b64", "zip", *refused)), "has a refused header member")

    def check_local(self, client_key: str) -> None:
        self.check_header("local")
        check_ed25519(self.header["jwk"], client_key, self.signature, self.signed.encode())

    def check_outside(self, keys: Keys) -> bool:
        """Whether a key from outside signed it: False if none is known."""
        self.check_header("outside", "jwk")
        key = keys.get((self.claims["iss"], self.header["kid"]))
        try:
            if key is not None:
                key.verify(self.signature, self.signed.encode(), padding.PKCS1v15(), hashes.SHA256())
            return key is not None
        except Exception:
            raise Broken("has a signature that is not good") from None

def read_keys(path: str) -> Keys:
    """Those keys of a file that count. Raises if it is not of its form."""
    with open(path, "rb") as file:
        value, _ = parse(file.read(16 * MIB))
    need(fits(value, "keys"), 'is not {"issuers":[{"issuer":"https://...","keys":[...]}]}')
    found: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for issuer, key in [(issuer["issuer"], key) for issuer in value["issuers"] for key in issuer["keys"]]:
        if fits(key, "rsa") and key.get("alg", "RS256") == "RS256" and fits(key["n"], "base64url") and fits(key["e"], "base64url"):
            modulus, exponent = decoded(key["n"]), decoded(key["e"])
            n, e = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")
            if modulus[:1] > b"\0" and exponent[:1] > b"\0" and 2048 <= n.bit_length() <= 8192 and n & e & 1 and 65537 <= e < 2**32:
                found.setdefault((issuer, key["kid"]), set()).add((n, e))
    single = [(name, *pairs.pop()) for name, pairs in found.items() if len(pairs) == 1]  # an id of two keys counts for neither
    return {name: rsa.RSAPublicNumbers(e, n).public_key() for name, n, e in single}

# --- `audit.jsonl`

@dataclass(slots=True)
class Operation:
    """A decision, allowed or held, that has no outcome entry yet."""
    state: str  # `allow`; or `hold`, after which `released`, or `refused` and over
    holds: list[Hold] = field(default_factory=list)

@dataclass(slots=True)
class Hold:
    of: Operation
    operation: str
    environment: str  # its hash: the text may be long
    expires: int
    at: int
    ended: bool = False
    approver: str | None = None

@dataclass(slots=True)
class Step:
    """What a command adds to its parent's chain: the link that was delegated to, and the agents that were seen in its cage."""
    parent: str | None = None
    depth: int = 0
    links: list[dict[str, Any]] = field(default_factory=list)
    agents: int = 0

class Chain:
    """The entries, one after another, and what must hold between them."""
    def __init__(self, files: dict[str, Any], keys: Keys) -> None:
        self.files, self.keys, self.sealed, self.unknown_key = files, keys, False, False
        self.session: dict[str, Any] = {}
        self.n = self.at = self.opened = self.signed = self.ranges = 0
        self.first, self.last, self.counts = "", "0" * 64, dict.fromkeys(COUNTS, 0)
        self.open: dict[str, Operation] = {}
        self.holds: dict[str, Hold] = {}
        self.running: dict[str, str] = {}  # by link: `command`, `cage`, or `ended`
        self.steps: dict[str, Step] = {}
        self.rights: dict[str, str] = {}  # by command, until another agent is seen
        self.covered: dict[str, tuple[int, bytearray]] = {}  # by file: bytes; and of each range 8 bytes of length and 32 of hash

    def line(self, raw: bytes) -> None:
        need(not self.sealed, "follows the seal")
        line = parse_canonical(raw)
        need(fits(line, "line"), "has not exactly the members of a line")
        need(line["n"] == self.n and line["prev"] == self.last, "has a wrong n or prev")
        entry, kind, self.at = line["entry"], line["entry"]["kind"], instant(line["at"])
        need((kind == "session") == (self.n == 0), "is no session entry, or not the first")
        need(kind not in KINDS or fits(entry, kind), f"is no {kind} entry: a member is missing, or not what it may be")
        if kind in ("agent", "confinement", "connection", "command", "decision", "egress", "mint", "recording"):
            link = entry["file"].split("/")[1] if kind == "recording" else entry["link"]
            starts, known = kind == "command" and entry["event"] == "started", self.running.get(link)
            fit = (None,) if starts else ("command",) if kind == "command" else ("command", "cage")
            need(known in fit, "is of a command that does not run, or starts one again")
        self.entry(kind, entry, self.counts)
        self.last = sha256(raw)
        self.first, self.n = self.first or self.last, self.n + 1

    def entry(self, kind: str, entry: dict[str, Any], counts: dict[str, int]) -> None:
        match kind:
            case "session":
                self.session, self.opened = entry, self.at
            case "decision":
                link = entry["link"]
                if link not in self.rights:
                    self.rights[link] = " & ".join(self.duties(link))
                need(entry["duty"] == self.rights[link], "was decided under other duties than those that hold")
                need(entry["decision"] not in self.open, "decides an id again that has no outcome yet")
                if entry["outcome"] in ("allow", "hold"):
                    self.open[entry["decision"]] = Operation(entry["outcome"])
                    need(len(self.open) <= OPERATIONS, "is one operation under way too many")
                counts["allowed"] += entry["outcome"] == "allow"
                counts["refused"] += entry["outcome"] not in ("allow", "hold")
            case "outcome":
                operation = self.open.pop(entry["decision"], None)
                need(operation is not None and operation.state in ("allow", "released"), "is the outcome of nothing allowed or released")
                counts["masked"] += entry["masked"]
            case "hold":
                operation = self.waiting(self.open.get(entry["decision"]))
                need(entry["hold"] not in self.holds and len(self.holds) < HOLDS, "has the id of another hold, or is one too many")
                hold = Hold(operation, entry["operation"], sha256(canonical(entry["environment"])), instant(entry["expires"]), self.at)
                self.holds[entry["hold"]] = hold
                operation.holds.append(hold)
            case "approval":
                self.approval(entry)
            case "release":
                operation = self.waiting(self.open.get(entry["decision"]))
                operation.state = "released" if entry["outcome"] == "allow" else "refused"
                counts["allowed" if operation.state == "released" else "refused"] += 1
                if operation.state == "refused":
                    del self.open[entry["decision"]]  # it is over
                people = [hold.approver for hold in operation.holds]
                need(operation.state == "refused" or (people != [] and None not in people), "releases without the approval of each hold")
                need(operation.state == "refused" or len(set(people)) == len(people), "releases by two approvals of the same person")
            case "connection":
                counts["connections"] += entry["event"] == "opened"
                counts["connectionsRefused"] += entry["event"] == "refused"
            case "command":
                self.running[entry["link"]] = "command" if entry["event"] == "started" else "ended"
                counts["commands"] += entry["event"] == "started"
                need(len(self.running) <= COMMANDS, "is one command too many")
            case "cage":
                cage, command, event = entry["cage"], entry["command"], entry["event"]
                need(command is None if event == "ended" else self.running.get(command) == "command", "has a command that does not run")
                need(self.running.get(cage) == (None if event == "made" else "cage"), "is of no such cage, or makes one again")
                self.running[cage] = "ended" if event == "ended" else "cage"
                need(len(self.running) <= COMMANDS, "is one cage too many")
            case "delegation":
                link, parent = entry["link"], entry["parent"]
                need(link not in self.running and link not in self.steps, "is of a command that was there before")
                need(self.running.get(parent) in ("command", "cage"), "is of a parent that does not run")
                step = self.steps[link] = Step(parent, self.steps[parent].depth + 1 if parent in self.steps else 1)
                need(step.depth <= DEPTH, "makes a chain too long")
                self.add(step, link, link, entry, entry["executable"], entry["keyThumbprint"])
                need(entry["chainSha256"] == sha256(canonical(self.chain(link))), "has another chain than its parent's and its own link")
                counts["delegations"] += 1
            case "agent":
                step = self.steps.setdefault(entry["link"], Step())
                step.agents += 1
                need(entry["agent"] == f"{entry['link']}-{step.agents}" and step.agents <= AGENTS, "has a wrong number, or is one too many")
                self.rights.clear()
                self.add(step, entry["link"], entry["agent"], entry, entry["executable"] or "", None)
                counts["agents"] += 1
            case "recording":
                end, ranges = self.covered.get(entry["file"], (0, bytearray()))
                need(entry["file"] in self.files, "names a file that is not there")
                need(entry["offset"] == end and self.ranges < RANGES, "does not follow the range before it, or is one too many")
                ranges += entry["bytes"].to_bytes(8, "big") + bytes.fromhex(entry["sha256"])
                self.covered[entry["file"]], self.ranges = (end + entry["bytes"], ranges), self.ranges + 1
                counts["recordedBytes"] += entry["bytes"]
            case "checkpoint":
                said = canonical({"entries": self.n, "last": self.last, "session": self.session["session"], "v": 1})
                check_ed25519(entry["key"], self.session["evidenceKey"], decoded(entry["sig"]), b"duty-gate:checkpoint:v1\n" + said)
                self.signed = self.n
                counts["checkpoints"] += 1
            case "incident":
                counts["incidents"] += 1
            case "seal":
                need(entry["entries"] == self.n + 1, "has a wrong number of entries")
                need(all(entry[name] == counts[name] for name in ("allowed", "refused", "masked")), "has wrong numbers")
                self.sealed = True
            case _:
                counts["unknown"] += kind not in KINDS

    def add(self, step: Step, link: str, name: str, entry: dict[str, Any], executable: str, key: str | None) -> None:
        step.links.append({"link": name, "principal": entry["principal"], "duty": entry["duty"], "executable": executable,
                           "started": entry["started"], "keyThumbprint": key})
        need(entry["duties"] == self.duties(link), "names other duties than those that hold")

    def chain(self, link: str | None) -> list[dict[str, Any]]:
        if link not in self.steps:
            names = ("principal", "duty", "executable", "started", "keyThumbprint")
            return [{"link": f"job-{place}" if place > 1 else "job"} | {name: step[name] for name in names}
                    for place, step in enumerate(self.session["chain"], 1)]
        return self.chain(self.steps[link].parent) + self.steps[link].links

    def duties(self, link: str) -> list[str]:
        return list(dict.fromkeys(step["duty"] for step in self.chain(link)))

    def waiting(self, operation: Operation | None) -> Operation:
        if operation is None or operation.state != "hold":
            raise Broken("is of no operation that waits")
        return operation

    def approval(self, entry: dict[str, Any]) -> None:
        hold = self.holds.get(entry["hold"])
        if hold is None or hold.ended:
            raise Broken("is of no hold that waits")
        self.waiting(hold.of)
        hold.ended = True
        if entry["verdict"] != "approved":
            return need(entry["receipt"] is None, "has a receipt, but did not approve")
        need(None not in (entry["approver"], entry["run"], entry["receipt"]), "approves without approver, run or receipt")
        need(len(entry["receipt"]) <= 64 * KIB, "has a receipt that is too long")
        session, own, receipt = self.session, self.session["claims"], Jws(entry["receipt"])
        claims, hold.approver = receipt.claims, entry["approver"]["id"]
        need(session["issuer"] != "local" and claims["iss"] == session["issuer"], "has a receipt of another issuer than the session's")
        self.unknown_key |= not receipt.check_outside(self.keys)
        request = {"approvers": [hold.approver], "gateway": session["gateway"], "operation": hold.operation, "request": entry["hold"],
                   "run": entry["run"], "v": 1}
        need(claims["aud"] == f"duty-gate:approve:v1:{session['gateway']}:{digest_of(request)}", "has a receipt with a wrong aud")
        need((claims.get("run_id"), claims.get("run_attempt")) == (entry["run"], "1"), "has a receipt of another run or attempt")
        need(sha256(canonical(claims.get("environment"))) == hold.environment, "has a receipt of another environment")
        need("repository_id" in own and claims.get("repository_id") == own["repository_id"], "has a receipt of another repository")
        need(hold.at - 60_000 <= claims["iat"] * 1000 <= hold.expires, "has a receipt of another time")
        need("actor_id" in own and hold.approver != own["actor_id"], "is approved by the actor himself, or nobody knows who that is")
        self.counts["approved"] += 1
