"""Proving: the record holds, and who has the city's public key can check it without the city."""

import msgspec

from bioloom.doors.keys.signing import Signer
from bioloom.doors.stories.carnival.calendar import ENDS_AT
from bioloom.doors.stories.carnival.scenes.staging import Scene, Stage
from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import PublicKey, read_key
from bioloom.ledger.record.verifying import verify

# What an inclusion proof is made of: the covenant, what was tried, what was let go.
_PROVEN = ("CovenantEnacted", "ActRefused", "LotReleased")


def prove(stage: Stage) -> Scene:
    """Verify everything from zero, then prove the decisive entries and check the proofs alone."""
    stage.go_to(ENDS_AT)
    scene = Scene(stage, "proof", "The record proves it")
    city = stage.city
    signer = Signer(city)
    signer.make_key(author=city.settings.steward)
    verdict = verify(city.journal.store)
    head = signer.head()
    key, seqs = read_key(head.key), [entry.seq for entry in city.journal.read(kinds=_PROVEN)]
    proofs = [
        msgspec.json.encode(signer.prove(seq, may_read=lambda _: True)).decode() for seq in seqs
    ]
    good = sum(_is_proven(proof, key) for proof in proofs)
    forged = proofs[0].replace("waste-sovereignty", "waste-surrendered")
    scene.told.append(
        f"All {head.seq:,} entries were verified from the first one on: "
        f"{'nothing is wrong' if verdict.holds else '; '.join(map(str, verdict.problems[:3]))}. "
        f"The head is signed; {good} of {len(proofs)} proofs of the covenant, of what was tried "
        "and of what was let go hold without the city, by its public key alone."
    )
    scene.must("The whole record verifies.", holds=verdict.holds)
    scene.must(
        "Whoever has the city's public key can check the covenant, each refusal and the release.",
        holds=good == len(proofs) > 0,
    )
    scene.must(
        "A proof in which one word is changed does not hold.", holds=not _is_proven(forged, key)
    )
    return scene


def _is_proven(proof: str, key: PublicKey) -> bool:
    try:
        check(proof, key)
    except NotProven:
        return False
    return True
