"""What every address needs of whoever asks. An address that is not here answers nobody.

A page or an answer that anyone may ask for still shows only what its reader may see; and whoever is
signed in may still not do what no role of theirs allows: handlers ask `ledger/people` for that.
"""

from collections.abc import Mapping
from typing import Literal

# "slowly": only so many tries a minute, as something may be guessed at.
Need = Literal["anyone", "anyone, slowly", "signed in"]

NEEDS: Mapping[str, Need] = {
    # The city.
    "GET /": "anyone",
    "GET /plan": "anyone",
    "GET /districts/{district}": "anyone",
    "GET /sites/{site}": "anyone",
    # The record.
    "GET /lots": "anyone",
    "GET /lots/{lot}": "anyone",
    "GET /record": "anyone",
    "GET /record/{seq}": "anyone",
    "GET /stream": "anyone",
    # Signing in, and one's own account.
    "GET /sign-in": "anyone",
    "GET /sign-in/{link}": "anyone, slowly",
    "POST /sign-in/link": "anyone, slowly",
    "POST /sign-out": "signed in",
    "GET /visit": "anyone",
    "GET /me": "signed in",
    "POST /me/sessions/end": "signed in",
    # By hand: whoever sends a form must be signed in; anyone may look at an empty one.
    "GET /give": "anyone",
    "POST /give": "signed in",
    "GET /scan": "anyone",
    "GET /l": "anyone",
    "GET /l/{number}": "anyone",
    "GET /labels": "anyone",
    "GET /manifest.webmanifest": "anyone",
    "GET /worker.js": "anyone",
    "GET /queue": "anyone",
    # For machines.
    "GET /api/head": "anyone",
    "GET /api/plan": "anyone",
    "GET /api/balance": "anyone",
    "GET /api/districts": "anyone",
    "GET /api/sites": "anyone",
    "GET /api/lots": "anyone",
    "GET /api/lots/{lot}": "anyone",
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
