"""Pseudonyms: who takes part, by a name of one conversation or proposal only.

Whoever has the salt can find out whose it is, so the register keeps it, and nobody else.
"""

import hmac

from bioloom.vocabulary.agents import AgentId

_LETTERS = 32


def participant_of(salt: str, agent: AgentId) -> str:
    """The pseudonym of an agent under a salt: 128 bits in hexadecimal.

    Example:
        >>> participant_of("salt", AgentId("ana")) == participant_of("salt", AgentId("ana"))
        True
        >>> participant_of("salt", AgentId("ana")) == participant_of("other", AgentId("ana"))
        False
    """
    return hmac.new(salt.encode(), agent.encode(), "sha256").hexdigest()[:_LETTERS]
