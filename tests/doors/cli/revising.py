"""The commands that revise a plan; each is a steward's, and {who} tries it."""

REVISES = (
    "circuits disrupt {city} storm --kind site_down --site pulp --from 2025-12-01 "
    "--to 2025-12-02 --reason Torn. --as {who}",
    "circuits restore {city} flood --on 2025-12-15 --reason Dry. --as {who}",
    "circuits replan {city} --propose --as {who}",
    "circuits veto {city} {plan} {move} --reason Steep. --as {who}",
    "circuits lift {city} {veto} --reason Widened. --as {who}",
    "circuits accept {city} {plan} --as {who}",
)
# What is said to whom the record permits nothing, does not know, or knows by another key.
NO = (" may not ", " is not in the record", "the key in force did not sign it")
