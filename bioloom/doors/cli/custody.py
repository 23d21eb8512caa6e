"""`bioloom custody`: what is claimed of where lots came from, and what credits are left."""

from collections.abc import Sequence
from pathlib import Path

from bioloom.doors.cli.printing import AsJson, amount, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.ledger.custody.listing import CertificatesTold, ModelTold, custody


def show(folder: Path, *, as_json: AsJson = False) -> None:
    """Show all chain-of-custody models, their credits, the claims by them, and certificates.

    Example: bioloom custody show verdiva

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        found = custody(city.journal)
    if as_json:
        print_json(found)
        return
    _tell_models(found.models)
    _tell_credits(found.models)
    _tell_claims(found.models)
    _tell_certificates(found.certificates)


def _tell_models(models: Sequence[ModelTold]) -> None:
    rows = [
        [
            one.declared.declaration,
            one.declared.characteristic,
            one.declared.model.replace("_", " "),
            one.declared.site,
            one.declared.operator,
            ", ".join(one.declared.materials),
        ]
        for one in models
    ]
    columns = ["model", "characteristic", "kind", "site", "operator", "of"]
    out().print(table("Chain-of-custody models", columns, rows))


def _tell_credits(models: Sequence[ModelTold]) -> None:
    rows = [
        [
            model.declared.declaration,
            f"{one.first_day} to {one.last_day}",
            amount(one.input_units, model.declared.base_unit),
            amount(one.credit_units, model.declared.base_unit),
            amount(one.claimed_units, model.declared.base_unit),
            amount(one.left_units, model.declared.base_unit),
        ]
        for model in models
        for one in model.periods
    ]
    if rows:
        columns = ["model", "period", "#came in", "#credits", "#claimed", "#left"]
        out().print(table("Mass balance", columns, rows))


def _tell_claims(models: Sequence[ModelTold]) -> None:
    rows = [
        [one.lot, amount(one.units, one.base_unit), one.characteristic, one.declaration, one.claim]
        for model in models
        for one in model.claims
    ]
    if rows:
        columns = ["lot", "#of it", "characteristic", "model", "claim"]
        out().print(table("Claims", columns, rows))


def _tell_certificates(certificates: Sequence[CertificatesTold]) -> None:
    rows = [
        [
            one.certificates,
            one.lot,
            amount(one.issued_units, one.base_unit),
            ", ".join(f"{who} {amount(units, one.base_unit)}" for who, units in one.holders.items())
            or "-",
            amount(one.retired_units, one.base_unit),
        ]
        for one in certificates
    ]
    if rows:
        columns = ["certificates", "of lot", "#issued", "held by", "#retired"]
        out().print(table("Certificates", columns, rows))
