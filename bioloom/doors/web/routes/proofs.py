"""Signed heads and proofs, for whoever wants to check the record without trusting this page."""

from typing import Annotated

from litestar import MediaType, Response, get
from litestar.params import FromPath, QueryParameter

from bioloom.doors.keys.showing import head_or_none, signed_head
from bioloom.doors.keys.signing import Signer
from bioloom.doors.web.asking import read_seq
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import Pages
from bioloom.doors.web.routes.answers import HeadAnswer
from bioloom.doors.web.routes.api import REFUSALS
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.proofs.proving import Proof


@get(
    "/api/head",
    sync_to_thread=True,
    tags=["record"],
    summary="Where the record ends",
    responses=REFUSALS,
)
def head(renderer: Pages) -> HeadAnswer:
    """The newest entry's number and hash; root, note and key where the head is signed."""
    signed, _ = head_or_none(renderer.desk.city)
    standing = renderer.desk.standing()
    return HeadAnswer(
        city=renderer.desk.city.settings.name,
        seq=signed.seq if signed else standing.head.seq,
        hash=signed.hash if signed else standing.head.hash,
        recorded_at=standing.head.recorded_at,
        generated=standing.generated,
        root=signed.root if signed else None,
        note=signed.note if signed else None,
        key=signed.key if signed else None,
    )


@get(
    "/api/head/note",
    sync_to_thread=True,
    tags=["record"],
    summary="The signed head, as a file to keep",
    responses=REFUSALS,
    media_type=MediaType.TEXT,
)
def head_note(renderer: Pages) -> Response[str]:
    """A signed note (C2SP tlog-checkpoint): who keeps it can check later that nothing changed."""
    signed = signed_head(renderer.desk.city)
    headers = {"content-disposition": f'attachment; filename="entry-{signed.seq}.head"'}
    return Response(signed.note, media_type="text/plain; charset=utf-8", headers=headers)


@get(
    "/api/proofs/{seq:str}",
    sync_to_thread=True,
    tags=["record"],
    summary="The proof that an entry is in the record",
    responses=REFUSALS,
)
def proof_of(
    renderer: Pages,
    visitor: Visiting,
    seq: FromPath[str],
    since: Annotated[
        str | None,
        QueryParameter(description="The size of an older head, from which it then goes on."),
    ] = None,
) -> Response[Proof]:
    """What `bioloom check` needs besides the city's public key: text, proof and signed head."""
    reader, signer = reader_of(renderer, visitor), Signer(renderer.desk.city)
    entry = reader.entry(read_seq("proofs", seq))
    signed = signed_head(renderer.desk.city)
    older = signer.past(read_seq("since", since), signed) if since else None
    proof = signer.prove(entry.seq, since=older, may_read=reader.sees_entry)
    headers = {"content-disposition": f'attachment; filename="entry-{entry.seq}.proof"'}
    return Response(proof, headers=headers)
