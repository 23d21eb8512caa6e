"""An authenticator in software: it makes passkeys and shows them as a phone's would (ES256)."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT_AND_VERIFIED = 0x05
WITH_A_NEW_KEY = 0x40


@dataclass
class Authenticator:
    """One device with one passkey."""

    origin: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    uses: int = 0

    def make(self, asked: bytes) -> bytes:
        """Answer to `navigator.credentials.create`."""
        options = json.loads(asked)
        key = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: key.x.to_bytes(32, "big"), -3: key.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential
        data = self._data(options["rp"]["id"], WITH_A_NEW_KEY) + attested + cbor2.dumps(cose)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options["challenge"]),
                "attestationObject": attestation,
            }
        )

    def show(self, asked: bytes) -> bytes:
        """Answer to `navigator.credentials.get`."""
        options = json.loads(asked)
        self.uses += 1
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"], 0)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        )

    def _data(self, party: str, flags: int) -> bytes:
        hashed = hashlib.sha256(party.encode()).digest()
        return hashed + bytes([PRESENT_AND_VERIFIED | flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, response: dict[str, bytes]) -> bytes:
        named = bytes_to_base64url(self.credential)
        told: dict[str, Any] = {
            "id": named,
            "rawId": named,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {name: bytes_to_base64url(value) for name, value in response.items()},
        }
        return json.dumps(told).encode()


def spoilt(answer: bytes, part: str, at: int) -> bytes:
    """The same answer with one bit of a part turned over."""
    told = json.loads(answer)
    raw = bytearray(base64url_to_bytes(told["response"][part]))
    raw[at % len(raw)] ^= 1
    told["response"][part] = bytes_to_base64url(bytes(raw))
    return json.dumps(told).encode()
