"""Proving: the record holds, and who has the city's public key can check it without the city."""

import msgspec

from bioloom.doors.keys.signing import Signer
from bioloom.doors.stories.carnival.calendar import ENDS_AT
from bioloom.doors.stories.carnival.people import ALDGATE
from bioloom.doors.stories.carnival.places import MERIDIAN
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import PublicKey, read_key
from bioloom.ledger.record.verifying import verify

# What an inclusion proof is made of: the covenant, what was tried, what was let go, the recipe.
_PROVEN = ("CovenantEnacted", "ActRefused", "LotReleased", "RecipePublished")


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
    # As if what was let go had been let go to the company.
    forged = [proof.replace(ALDGATE, MERIDIAN) for proof in proofs]
    changed = [one for one, proof in zip(forged, proofs, strict=True) if one != proof]
    scene.told.append(
        f"All {head.seq:,} entries were verified from the first one on: "
        f"{'nothing is wrong' if verdict.holds else '; '.join(map(str, verdict.problems[:3]))}. "
        f"The head is signed; {good} of {len(proofs)} proofs of the covenant, of what was tried, "
        "of what was let go and of the recipe hold without the city, by its public key alone."
    )
    scene.must("The whole record verifies.", holds=verdict.holds)
    scene.must(
        "Whoever has the city's public key can check the covenant, each refusal, the release and "
        "the recipe.",
        holds=good == len(proofs) > 0,
    )
    scene.must(
        "A proof in which one word is changed does not hold.",
        holds=len(changed) > 0 and not any(_is_proven(one, key) for one in changed),
    )
    return scene


def _is_proven(proof: str, key: PublicKey) -> bool:
    try:
        check(proof, key)
    except NotProven:
        return False
    return True
