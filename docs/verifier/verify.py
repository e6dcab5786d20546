#!/usr/bin/env python3
"""Verifies evidence bundles, version 1, as docs/evidence.md specifies them.

Written from that page alone, so that it shares no code and no mistake with the verifier of duty-gate; its sections are those of the page.
This file has the recordings, the folder and the verdict; chain.py beside it has the entries and what must hold between them.
Every byte of a bundle is hostile: files are streamed, sizes and numbers of things are bounded, and whatever goes wrong while a bundle is
read makes it broken. It stops at the first problem. Needs Python 3.10, a POSIX system and the package `cryptography`.
"""
from __future__ import annotations

import argparse, hashlib, itertools, json, os, re, stat, sys
from typing import Any, Iterator

from chain import (
    GIB, KIB, MIB, RECORDING, SAFE, Broken, Chain, Jws, Keys, canonical, check_ed25519, decoded, digest_of, fits, need, parse_canonical,
    read_keys, sha256, write)

LINE, FRAME, FILES = 16 * MIB, 1_048_576, 10_000  # bytes of a line and of a frame, number of files
SIZES = {  # which files there may be, and their bytes at most
    r"audit(-([2-9]|[1-9][0-9]{1,8}))?\.jsonl": 64 * GIB, r"policy\.yml": 4 * MIB, r"token\.jwt": 64 * KIB, r"manifest\.json": 16 * MIB,
    r"manifest\.sig(\.tmp)?": KIB, RECORDING + r"(\.rec|\.rec\.age|\.cast|\.v3\.cast)": 64 * GIB}
Frame = tuple[int, int, bytes]  # micros, s, payload

# --- Recordings and casts

def frames(chunks: Iterator[bytes]) -> Iterator[Frame]:
    held, before = bytearray(), 0
    for chunk in chunks:
        held += chunk
        while len(held) >= 13:
            micros, s, size = int.from_bytes(held[:8], "big"), held[8], int.from_bytes(held[9:13], "big")
            need(before <= micros <= SAFE and s <= 3 and size <= FRAME, "has a frame that is not well-formed")
            if len(held) < 13 + size:
                break
            payload, before = bytes(held[13:13 + size]), micros
            del held[:13 + size]
            need(s != 2 or re.fullmatch(rb"[1-9][0-9]{0,4}x[1-9][0-9]{0,4}", payload) is not None, "has a resize that is not well-formed")
            yield micros, s, payload
    need(not held, "is covered up to the middle of a frame")

class Utf8:
    """The decoder of the Encoding Standard. Python's own agrees with it, but may hold bytes back that cannot become anything any more."""
    INCOMPLETE = re.compile(  # the beginning of a sequence that may still be completed
        rb"([\xc2-\xdf]|\xe0[\xa0-\xbf]?|\xed[\x80-\x9f]?|[\xe1-\xec\xee\xef][\x80-\xbf]?|"
        rb"\xf0([\x90-\xbf][\x80-\xbf]?)?|[\xf1-\xf3]([\x80-\xbf][\x80-\xbf]?)?|\xf4([\x80-\x8f][\x80-\xbf]?)?)\Z")
    rest = b""
    def decode(self, data: bytes) -> str:
        data = self.rest + data
        tail = self.INCOMPLETE.search(data, max(0, len(data) - 3))
        self.rest = tail[0] if tail else b""
        return data[:len(data) - len(self.rest)].decode("utf-8", "replace")

def check_casts(source: Iterator[Frame], v2: Member, v3: Member) -> None:
    """Derives both casts, and compares them with what is there, event by event."""
    streams, micros, time_before, cr = (Utf8(), Utf8()), 0, 0, ""  # cr: the CR that output ended in so far, or nothing

    def event(code: str, data: str) -> None:
        nonlocal time_before
        for cast, time in ((v2, micros), (v3, micros - time_before)):
            seconds = f"{time // 1_000_000}.{time % 1_000_000:06d}".rstrip("0").rstrip(".")
            cast.expect(f'[{seconds},"{code}",{write(data, 0)}]\n')
        time_before = micros

    first = next(source, (0, 2, b"80x24"))
    columns, rows = first[2].decode().split("x") if first[1] == 2 else ("80", "24")
    v2.expect(f'{{"version":2,"width":{columns},"height":{rows}}}\n')
    v3.expect(f'{{"version":3,"term":{{"cols":{columns},"rows":{rows}}}}}\n')
    for micros, s, payload in source if first[1] == 2 else itertools.chain([first], source):
        data = streams[s].decode(payload) if s < 2 else payload.decode("utf-8", "replace")
        if s == 0 and data:
            cr, data = "\r" if data[-1] == "\r" else "", re.sub("(?<!\r)\n", "\r\n", cr + data)[len(cr):]
        if s >= 2 or data:
            event("oirm"[s], data)
    for code, stream in zip("oi", streams):
        if stream.rest:
            event(code, "\ufffd")
    v2.end()
    v3.end()

# --- The folder

class Member:
    """A file of the bundle, read once from its start."""
    def __init__(self, bundle: Bundle, path: str) -> None:
        bundle.where = path
        need(path in bundle.files, "is not there")
        self.file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=bundle.root), "rb")
        info = os.fstat(self.file.fileno())  # compared, as a folder above it might have become a link meanwhile
        need(stat.S_ISREG(info.st_mode) and (info.st_dev, info.st_ino) == bundle.files[path], "is no longer the file that was listed")
        self.bundle, self.path, self.size, self.hash, self.limit = bundle, path, 0, hashlib.sha256(), limit(path)

    def read(self, most: int, line: bool = False) -> bytes:
        data = self.file.readline(most) if line else self.file.read(most)
        self.size += len(data)
        self.hash.update(data)
        need(self.size <= self.limit, "is too large")
        return data

    def expect(self, text: str) -> None:
        data = text.encode()
        if self.read(len(data)) != data:
            self.bundle.where = self.path
            raise Broken("is not derived from its recording")

    def end(self) -> None:
        if self.read(1) != b"":
            self.bundle.where = self.path
            raise Broken("goes on after what it may have")
        self.bundle.seen[self.path] = (self.size, self.hash.hexdigest())
        self.file.close()

    def ranges(self, ranges: bytes | bytearray) -> Iterator[bytes]:
        for start in range(0, len(ranges), 40):
            left, digest = int.from_bytes(ranges[start:start + 8], "big"), hashlib.sha256()
            while left > 0:
                data = self.read(min(left, 64 * KIB))
                need(data != b"", "is shorter than what entries cover of it")
                digest.update(data)
                left -= len(data)
                yield data
            need(digest.digest() == ranges[start + 8:start + 40], "has a range whose hash is not what its entry says")

def limit(path: str) -> int:
    return next((size for pattern, size in SIZES.items() if re.fullmatch(pattern, path)), -1)

class Bundle:
    def __init__(self, path: str, keys: Keys) -> None:
        self.where, self.root, self.sealed, self.anchoring, self.keys = path, -1, False, "unanchored", keys
        self.files: dict[str, tuple[int, int]] = {}  # what is listed, with device and inode
        self.seen: dict[str, tuple[int, str]] = {}  # bytes and hash of files that were read to their end
        self.chain = Chain(self.files, keys)

    def verify(self, path: str) -> None:
        self.root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            hollow, self.where = self.scan(self.root, ""), path
            self.sealed = "manifest.sig" in self.files
            need(not self.sealed or (not hollow and "manifest.sig.tmp" not in self.files), "is sealed, but has an empty folder or a .tmp")
            self.check_chain()
            if self.chain.n > 0:  # an unsealed bundle may have no line: then nothing says what these should be
                self.check_policy_and_token()
            self.check_recordings()
            if self.sealed:
                self.check_manifest()
        finally:
            os.close(self.root)

    def scan(self, folder: int, prefix: str) -> bool:
        """Whether there is a folder without a file below it."""
        hollow, before = False, len(self.files)
        with os.scandir(folder) as entries:
            for entry in entries:
                self.where = path = prefix + entry.name
                info = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(info.st_mode):
                    need(re.fullmatch("recordings(/[A-Za-z0-9_-]{1,64})?", path) is not None, "is a folder that may not be there")
                    below = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
                    try:
                        hollow |= self.scan(below, path + "/")
                    finally:
                        os.close(below)
                    continue
                need(stat.S_ISREG(info.st_mode), "is a link or a special file")
                need(info.st_size <= limit(path) and len(self.files) < FILES, "may not be there, is too large, or is one file too many")
                self.files[path] = (info.st_dev, info.st_ino)
        return hollow or len(self.files) == before

    def check_chain(self) -> None:
        parts, chain = [path for path in self.files if path.startswith("audit")], self.chain
        for number in range(1, max(1, len(parts)) + 1):  # with a gap, one of these names is not there
            file = Member(self, "audit.jsonl" if number == 1 else f"audit-{number}.jsonl")
            may_be_cut = number == len(parts) and not self.sealed
            while raw := file.read(LINE + 1, line=True):
                self.where = f"{file.path}, line {chain.n}"
                need(raw.endswith(b"\n") or len(raw) <= LINE, "is longer than 16 MiB")
                need(raw.endswith(b"\n") or (may_be_cut and not chain.sealed), "does not end in LF, or follows the seal")
                if raw.endswith(b"\n"):
                    chain.line(raw[:-1])
            need(file.size > 0 or may_be_cut, "is empty")
            file.end()
        need(chain.sealed or not self.sealed, "does not end in a seal entry, but the bundle is sealed")

    def check_policy_and_token(self) -> None:
        session, claims = self.chain.session, self.chain.session["claims"]
        policy = Member(self, "policy.yml")
        need(sha256(policy.read(4 * MIB)) == session["policySha256"], "is not the policy of the session entry")
        policy.end()
        later = session["keeps"]["token"] == "after-expiry"
        if later and not self.sealed and "token.jwt" not in self.files:
            return
        file = Member(self, "token.jwt")
        token = Jws(file.read(64 * KIB).decode("ascii"), later)
        file.end()
        need(token.claims["iss"] == session["issuer"], "has another issuer than the session entry")
        said = {name: value if isinstance(value, str) else canonical(value).decode() for name, value in token.claims.items()}
        need(all(said.get(name) == value for name, value in claims.items()), "lacks a claim of the session entry")
        keys = {name: session[name] for name in ("clientKey", "evidenceKey", "gateway", "nonce")}
        need(said["aud"] == f"duty-gate:session:v1:{session['gateway']}:{digest_of({**keys, 'v': 1})}", "has a wrong aud")
        begins, ends = token.claims["iat"], token.claims["exp"]
        need(begins <= ends and begins - 60 <= self.chain.opened / 1000 <= ends + 60, "was not valid when the session was opened")
        if token.signature and session["issuer"] == "local":
            token.check_local(session["clientKey"])
            self.anchoring = "local"
        elif token.signature and token.check_outside(self.keys) and not self.chain.unknown_key:
            self.anchoring = "anchored"

    def check_recordings(self) -> None:
        keeps = self.chain.session.get("keeps", {})
        for path in sorted(path for path in self.files if path.startswith("recordings/")):
            self.where, (stem, kind) = path, path.split(".", 1)
            name = re.fullmatch(r"(terminal|responses)(-[1-9][0-9]{0,8})?", stem.split("/")[2])
            terminal = name is not None and name[1] == "terminal"
            if kind in ("cast", "v3.cast"):
                need(not self.sealed or (terminal and stem + ".rec" in self.files), "is a cast without its recording")
                continue
            need(name is not None, "has a name that recordings may not have")
            kept = keeps.get("recordings" if terminal else "responses")
            need(kept == ("full" if kind == "rec" else "encrypted"), "is not what the session entry keeps")  # so never in both forms
            self.chain.counts["recordings"] += 1
            casts = [Member(self, stem + end) for end in (".cast", ".v3.cast") if terminal and kind == "rec" and self.sealed]
            file = Member(self, path)
            chunks = file.ranges(self.chain.covered.get(path, (0, b""))[1])
            if casts:
                check_casts(frames(chunks), *casts)
            for _ in frames(chunks) if kind == "rec" else chunks:  # what is not read yet
                pass
            if self.sealed:
                file.end()

    def check_manifest(self) -> None:
        chain, manifest, signature = self.chain, Member(self, "manifest.json"), Member(self, "manifest.sig")
        self.where, paths = "manifest.json", sorted(self.files.keys() - {"manifest.json", "manifest.sig"})
        files = [{"bytes": self.seen[path][0], "path": path, "sha256": self.seen[path][1]} for path in paths]
        right = canonical({"entries": chain.n, "files": files, "first": chain.first, "gateway": chain.session["gateway"],
                           "last": chain.last, "session": chain.session["session"], "v": 1})  # no other manifest is right
        need(manifest.read(len(right)) == right, "is not the manifest of these files and entries")
        manifest.end()
        self.where = "manifest.sig"
        said = parse_canonical(signature.read(KIB))
        need(fits(said, "signature"), "has not exactly the members of a signature")
        check_ed25519(said["key"], chain.session["evidenceKey"], decoded(said["sig"]), b"duty-gate:manifest:v1\n" + right)

# --- Verifying

def verdict(path: str, keys: Keys, allow_local: bool) -> dict[str, Any]:
    bundle, problems = Bundle(path, keys), []
    try:
        bundle.verify(path)
    except Exception as error:  # whatever a hostile bundle makes go wrong
        what = str(error) if isinstance(error, Broken) else f"cannot be read: {error!r:.200}"
        problems = [{"where": bundle.where, "what": what}]
    chain = bundle.chain
    states = [operation.state for operation in chain.open.values()]
    chain.counts["entries"], chain.counts["waiting"] = chain.n, states.count("hold")
    chain.counts["withoutOutcome"] = states.count("allow") + states.count("released")
    good = bundle.anchoring == "anchored" or (bundle.anchoring == "local" and allow_local)
    code = 1 if problems else 4 if not bundle.sealed else 0 if good else 3
    return {"path": path, "ok": code == 0, "exitCode": code, "verdict": {1: "broken", 4: "unsealed"}.get(code, "sealed"),
            "anchoring": bundle.anchoring, "counts": chain.counts, "signed": chain.n if bundle.sealed else chain.signed,
            "last": chain.last if chain.n else None, "problems": problems}

def main() -> int:
    parser = argparse.ArgumentParser(
        description="Verifies evidence bundles: folders (no zip files), without --log and --identity. It has no keys of issuers itself, "
        "nor GitHub's: without --keys no bundle is anchored. Exit code: 0 sealed and anchored (or local, with --allow-local), 1 broken, "
        "2 usage, 3 sealed and not anchored, 4 unsealed. Of several, that of the first that is not 0, in the order 1, 4, 3.")
    parser.add_argument("--keys", metavar="FILE", help='{"issuers":[{"issuer":"https://...","keys":[JWK...]}]}')
    parser.add_argument("--allow-local", action="store_true", help="take bundles of the issuer `local` for good")
    parser.add_argument("--json", action="store_true", help="one JSON object for each PATH")
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a bundle's folder")
    options = parser.parse_args()
    try:
        keys = read_keys(options.keys) if options.keys is not None else {}
    except Exception as error:
        parser.error(f"--keys: {error!r:.200}")
    missing = [path for path in options.paths if not os.path.isdir(path)]
    if missing:
        parser.error(f"{ascii(missing[0])} is no folder")
    codes = set()
    for path in options.paths:
        result = verdict(path, keys, options.allow_local)
        codes.add(result["exitCode"])
        said = (": ".join(result["problems"][0].values()) if result["problems"] else f"{result['anchoring']}, "
                f"{result['counts']['entries']} entries, {result['signed']} of them signed, last {result['last']}")
        print(json.dumps(result) if options.json else ascii(f"{path}: {result['verdict']}: {said}")[1:-1], flush=True)
    return next((code for code in (1, 4, 3) if code in codes), 0)

if __name__ == "__main__":
    sys.exit(main())
