#!/usr/bin/env python3
"""Verifies folders of an audit trail: a second implementation, with nothing but the standard library.

verify.py [--seed HEX] [--witness N] [--from N] FOLDER [[OPTION...] FOLDER...]    prints `ok FIRST LAST` or `bad FILE LINE WHY` for each
verify.py golden                                            prints seals for the tests of the first implementation
"""
import hashlib, hmac, os, re, sys

HEX64 = rb"([0-9a-f]{64})"
ECS = re.compile(rb'((?=\{).*[,{]"auth\.chain":"([0-9a-f]{16})","event\.sequence":([1-9][0-9]*),"auth\.prev":"' + HEX64
                 + rb'"),"event\.hash":"' + HEX64 + rb'"(?:,"auth\.seal":"' + HEX64 + rb'")?\}', re.S)
OCSF = re.compile(rb'((?=\{).*[,{]"chain":"([0-9a-f]{16})","sequence":([1-9][0-9]*),"prev":"' + HEX64
                  + rb'"),"hash":"' + HEX64 + rb'"(?:,"seal":"' + HEX64 + rb'")?\}\}', re.S)
NAME = re.compile(r"audit-([0-9]{20})\.jsonl")

def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()

class Keys:
    """One key a line; see the documentation of the ratchet."""

    def __init__(self, seed, chain, sequence):
        self.sequence = sequence
        epoch = mac(seed, b"auth-metrics-audit" + chain)
        for _ in range(sequence // 1024):
            epoch = mac(epoch, b"epoch")
        self.key, self.epoch = mac(epoch, b"line"), mac(epoch, b"epoch")
        for _ in range(sequence % 1024):
            self.key = mac(self.key, b"next")

    def seal(self, digest):
        return mac(self.key, self.sequence.to_bytes(8, "big") + digest).hex().encode()

    def advance(self):
        self.sequence += 1
        if self.sequence % 1024 == 0:
            self.key, self.epoch = mac(self.epoch, b"line"), mac(self.epoch, b"epoch")
        else:
            self.key = mac(self.key, b"next")

def verify(folder, seed, witness, begin):
    chain = prev = keys = sealed = first = sequence = None
    names = sorted(name for name in os.listdir(folder) if NAME.fullmatch(name))
    for name in names:
        expected = int(NAME.fullmatch(name)[1])
        sequence = expected - 1 if sequence is None else sequence
        if expected != sequence + 1 or not 1 <= expected <= 1 << 40:
            return f"bad {name} 0 name"
        with open(os.path.join(folder, name), "rb") as file:
            *lines, rest = file.read().split(b"\n")
        if rest and name != names[-1]:
            return f"bad {name} {len(lines) + 1} end"
        for number, line in enumerate(lines, 1):
            match = ECS.fullmatch(line) or OCSF.fullmatch(line)
            if not match or int(match[3]) > 1 << 40:
                return f"bad {name} {number} shape"
            body, its_chain, its_sequence, its_prev, its_hash, its_seal = match.groups()
            its_sequence = int(its_sequence)
            if hashlib.sha256(body).hexdigest().encode() != its_hash:
                return f"bad {name} {number} hash"
            if chain is None:
                chain, sealed, first = its_chain, its_seal is not None, expected
                prev = b"0" * 64 if expected == 1 else its_prev
                keys = seed and Keys(seed, chain, expected)
            if its_chain != chain:
                return f"bad {name} {number} chain"
            if its_sequence != sequence + 1:
                return f"bad {name} {number} sequence"
            if its_prev != prev:
                return f"bad {name} {number} prev"
            if (its_seal is not None) != (sealed or bool(seed)):
                return f"bad {name} {number} seal"
            if keys:
                if not hmac.compare_digest(keys.seal(bytes.fromhex(its_hash.decode())), its_seal):
                    return f"bad {name} {number} seal"
                keys.advance()
            prev, sequence = its_hash, its_sequence
    if first is None:
        return "bad - 0 empty"
    if witness and sequence < witness or begin and first > begin:
        return "bad - 0 witness"
    return f"ok {first} {sequence}"

def main(words):
    if words == ["golden"]:
        seeds = [(b"\7" * 32, n) for n in (1, 1023, 1024, 5000)] + [(b"\11" * 100, 2)]
        return [print(n, Keys(seed, b"0123456789abcdef", n).seal(b"\3" * 32).decode()) for seed, n in seeds]
    options = {"--seed": None, "--witness": 0, "--from": 0}
    words = iter(words)
    for word in words:
        if word in options:
            options[word] = bytes.fromhex(next(words)) if word == "--seed" else int(next(words))
        else:
            print(verify(word, *options.values()))


main(sys.argv[1:])
