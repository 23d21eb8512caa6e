"""The Carnival's people: those of the story, makers, households, and those outside the network."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bioloom.doors.stories.carnival.places import MERIDIAN, SITES, Neighbourhood
from bioloom.vocabulary.agents import AgentId, commons_of, operator_of
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import KeyDeclared, MembershipBegan, Role, RoleGranted

# All neighbourhoods, makers and sites that hold their materials in common.
NETWORK = AgentId("commons:network")

ZARA = AgentId("person:zara-telos")
OREN = AgentId("person:oren-voss")
IVA = AgentId("person:iva-lumin")
KAITO = AgentId("person:kaito-muro")
INES = AgentId("person:ines-aldo")
# Runs the yard of Copperside, and takes the company's money.
DARIO = AgentId("person:dario-quill")
# Works for the company.
MARA = AgentId("person:mara-stone")

MAKERS = AgentId("org:mycelium-makers")
CARRIERS = AgentId("org:pedal-carriers")
# Outside the network, beside the company itself.
HAULAGE = AgentId("org:northgate-haulage")
HALDEN = AgentId("org:halden")
ALDGATE = AgentId("org:aldgate-glass")

# The neighbourhood whose yard Dario runs.
COPPERSIDE = commons_of("04")
# Whose signatures count, of whom three must agree.
SIGNERS = (ZARA, OREN, IVA, KAITO, INES)
QUORUM = 3
# Each of them keeps the yard of a neighbourhood.
_HOMES = tuple(zip(SIGNERS, ("06", "02", "03", "05", "01"), strict=True))
_ACCOUNTS_IN_A_NEIGHBOURHOOD = 10

_PERSONS = (
    (ZARA, "Zara Telos, designer of the Biovivarium"),
    (OREN, "Oren Voss, speaker for Waste Sovereignty"),
    (IVA, "Iva Lumin, who tells the story"),
    (KAITO, "Kaito Muro, grower of mycelium"),
    (INES, "Ines Aldo, keeper of the Loom Street yard"),
    (DARIO, "Dario Quill, keeper of the Copperside yard"),
    (MARA, "Mara Stone, buyer for Meridian Recovery Ltd"),
)
_ORGANISATIONS = (
    (MAKERS, "Mycelium Makers"),
    (CARRIERS, "Pedal Carriers"),
    (MERIDIAN, "Meridian Recovery Ltd (a company, made up)"),
    (HAULAGE, "Northgate Haulage (a haulier of the company's, made up)"),
    (HALDEN, "Halden Instruments (a repairer, made up)"),
    (ALDGATE, "Aldgate Glass (a glassworks, made up)"),
)


class Household(NamedTuple):
    """A household that keeps an account of its own, and its neighbourhood."""

    agent: AgentId
    neighbourhood: Neighbourhood


def households(neighbourhoods: Sequence[Neighbourhood], seed: int) -> tuple[Household, ...]:
    """Ten households of each neighbourhood, under pseudonyms that follow from the seed."""
    return tuple(
        Household(AgentId(f"household:{_digest(seed, one.body.district, number)[:8]}"), one)
        for one in neighbourhoods
        for number in map(str, range(_ACCOUNTS_IN_A_NEIGHBOURHOOD))
    )


def agents(households: Sequence[Household]) -> Iterator[AgentDeclared]:
    """Everybody who acts, beside the neighbourhoods' commons and the sites' operators."""
    yield AgentDeclared(agent=NETWORK, name="Biolithic Network", sort="commons")
    for person, name in _PERSONS:
        yield AgentDeclared(agent=person, name=name, sort="person")
    for agent, name in _ORGANISATIONS:
        yield AgentDeclared(agent=agent, name=name)
    for one in households:
        yield AgentDeclared(agent=one.agent, name=one.agent, sort="household")


def memberships(
    neighbourhoods: Sequence[Neighbourhood], households: Sequence[Household]
) -> Iterator[MembershipBegan]:
    """Who belongs to what: neighbourhoods, sites and makers are the network; the company is not.

    Each says so for themselves, so that a covenant binds nobody who has not given their word.
    """
    for one in neighbourhoods:
        yield MembershipBegan(member=one.body.commons, group=NETWORK)
    for site, *_ in SITES:
        yield MembershipBegan(member=operator_of(site), group=NETWORK)
    for group in (MAKERS, CARRIERS):
        yield MembershipBegan(member=group, group=NETWORK)
    for person, home in _HOMES:
        yield MembershipBegan(member=person, group=commons_of(home))
    yield MembershipBegan(member=DARIO, group=COPPERSIDE)
    yield MembershipBegan(member=KAITO, group=MAKERS)
    for household in households:
        yield MembershipBegan(member=household.agent, group=household.neighbourhood.body.commons)


def roles() -> Iterator[RoleGranted]:
    """Who may do what, and for whom."""
    granted: tuple[tuple[AgentId, Role, AgentId | None], ...] = (
        (ZARA, "steward", operator_of("biovivarium")),
        (OREN, "steward", NETWORK),
        (OREN, "operator", None),
        (KAITO, "steward", MAKERS),
        (KAITO, "operator", operator_of("biovivarium")),
        *((person, "steward", commons_of(home)) for person, home in _HOMES),
        (DARIO, "steward", COPPERSIDE),
        (MARA, "steward", MERIDIAN),
        (MARA, "operator", HAULAGE),
    )
    for agent, role, scope in granted:
        yield RoleGranted(agent=agent, role=role, scope=scope)


def keys(seed: int) -> Iterator[KeyDeclared]:
    """The public halves of the signing keys of all persons."""
    for person, _ in _PERSONS:
        public_key = practice_key(person, seed).public_key().public_bytes_raw().hex()
        yield KeyDeclared(agent=person, public_key=public_key, purpose="signing")


def practice_key(person: AgentId, seed: int) -> Ed25519PrivateKey:
    """A person's signing key. It follows from the seed, so anybody can have it: for practice only.

    A key of a real person is made by chance, and nobody else has it.
    """
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(_digest(seed, person, "signing")))


def _digest(seed: int, *parts: str) -> str:
    return sha256(":".join(("carnival", str(seed), *parts)).encode()).hexdigest()
