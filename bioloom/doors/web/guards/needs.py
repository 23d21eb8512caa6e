"""What every address needs of whoever asks. An address that is not here answers nobody.

A page or an answer that anyone may ask for still shows only what its reader may see; and whoever is
signed in may still not do what no role of theirs allows: handlers ask `ledger/people` for that.
"""

from collections.abc import Mapping
from typing import Literal

# "slowly": only so many tries a minute, as something may be guessed at. "session": somebody who is
# there themselves; what "signed in" may do, a program with a token of theirs may, too.
Need = Literal["anyone", "anyone, slowly", "signed in", "session"]

NEEDS: Mapping[str, Need] = {
    # The city.
    "GET /": "anyone",
    "GET /now": "anyone",
    "GET /plan": "anyone",
    "POST /plan/propose": "session",
    "POST /plan/adopt": "session",
    "GET /districts/{district}": "anyone",
    "GET /sites/{site}": "anyone",
    # The record.
    "GET /lots": "anyone",
    "GET /lots/{lot}": "anyone",
    "GET /record": "anyone",
    "GET /record/{seq}": "anyone",
    "GET /stream": "anyone",
    "GET /recipes": "anyone",
    "GET /recipes/{name}": "anyone",
    # Signing in, and one's own account.
    "GET /sign-in": "anyone",
    "GET /sign-in/{link}": "anyone, slowly",
    "POST /sign-in/link": "anyone, slowly",
    "POST /sign-in/code": "anyone, slowly",
    "POST /sign-in/passkey/question": "anyone, slowly",
    "POST /sign-in/passkey": "anyone, slowly",
    "POST /sign-out": "session",
    "GET /visit": "anyone",
    "GET /me": "session",
    "GET /me/records": "session",
    "GET /me/lots": "session",
    "GET /me/account": "session",
    "GET /me/account.json": "session",
    "GET /me/account.csv": "session",
    "POST /me/sessions/end": "session",
    "POST /me/passkeys/question": "session",
    "POST /me/passkeys": "session",
    "POST /me/passkeys/remove": "session",
    "POST /me/codes": "session",
    "POST /me/tokens": "session",
    "POST /me/tokens/revoke": "session",
    "GET /me/forget": "session",
    "POST /me/forget": "session",
    # People and roles.
    "GET /invite": "session",
    "POST /invite": "session",
    "POST /invite/withdraw": "session",
    "GET /invitations/{secret}": "anyone, slowly",
    "POST /invitations": "anyone, slowly",
    "GET /people": "session",
    "POST /people/grant": "session",
    "POST /people/withdraw": "session",
    "POST /people/link": "session",
    # By hand: whoever sends a form must be signed in; anyone may look at an empty one.
    "GET /waiting": "anyone",
    "GET /give": "anyone",
    "POST /give": "session",
    "GET /hand-on": "session",
    "POST /hand-on": "session",
    "GET /take-in": "anyone",
    "POST /take-in": "session",
    "GET /correct": "session",
    "POST /correct": "session",
    "GET /take-back": "session",
    "POST /take-back": "session",
    "GET /scan": "anyone",
    "GET /l": "anyone",
    "GET /l/{number}": "anyone",
    "GET /labels": "anyone",
    "GET /manifest.webmanifest": "anyone",
    "GET /worker.js": "anyone",
    "GET /queue": "anyone",
    # For machines.
    "POST /api/events": "signed in",
    "GET /api/head": "anyone",
    "GET /api/head/note": "anyone",
    "GET /api/proofs/{seq}": "anyone",
    "GET /api/plan": "anyone",
    "GET /api/balance": "anyone",
    "GET /api/districts": "anyone",
    "GET /api/sites": "anyone",
    "GET /api/lots": "anyone",
    "GET /api/lots/{lot}": "anyone",
    "GET /api/passports/{lot}": "anyone",
    "POST /api/capture": "signed in",
    "GET /api/capture/{capture_id}": "signed in",
    "GET /health": "anyone",
    "GET /metrics": "anyone",
    "GET /static/{version}/{name}": "anyone",
    "GET /favicon.ico": "anyone",
    "GET /schema": "anyone",
    "GET /schema/{path}": "anyone",
    "GET /schema/openapi.json": "anyone",
    "GET /schema/openapi.yaml": "anyone",
    "GET /schema/openapi.yml": "anyone",
}
