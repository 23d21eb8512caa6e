"""Actions: the 19 things that can happen to a resource, and what each does, as data.

Source:
    Valueflows 1.0, https://www.valueflo.ws/specification/all_vf.html, individuals of `vf:Action`.
"""

from typing import Literal, NamedTuple

Action = Literal[
    "accept",
    "cite",
    "combine",
    "consume",
    "copy",
    "deliverService",
    "dropoff",
    "lower",
    "modify",
    "move",
    "pickup",
    "produce",
    "raise",
    "separate",
    "transfer",
    "transferAllRights",
    "transferCustody",
    "use",
    "work",
]

# Valueflows writes `notApplicable`; here that is an empty text.
InputOutput = Literal["", "input", "output", "outputInput"]
Creates = Literal["", "optional", "optionalTo"]
Measures = Literal["resource", "effort", "both"]
QuantityEffect = Literal["", "increment", "decrement", "decrementIncrement", "incrementTo"]
UpdateEffect = Literal["", "new", "update", "updateTo", "remove"]


class Effects(NamedTuple):
    """What an action does. The fields are those of the Valueflows table, in its order."""

    input_output: InputOutput = ""
    pairs_with: Action | Literal[""] = ""
    create_resource: Creates = ""
    event_quantity: Measures = "resource"
    accounting: QuantityEffect = ""
    onhand: QuantityEffect = ""
    location: UpdateEffect = ""
    contained: UpdateEffect = ""
    accountable: UpdateEffect = ""
    stage: UpdateEffect = ""
    state: UpdateEffect = ""


ACTIONS: dict[Action, Effects] = {
    "accept": Effects(
        input_output="input",
        pairs_with="modify",
        onhand="decrement",
        location="update",
        state="update",
    ),
    "cite": Effects(input_output="input", state="update"),
    "combine": Effects(
        input_output="input", onhand="decrement", contained="update", state="update"
    ),
    "consume": Effects(
        input_output="input", accounting="decrement", onhand="decrement", state="update"
    ),
    "copy": Effects(
        create_resource="optionalTo",
        accounting="incrementTo",
        onhand="incrementTo",
        location="new",
        accountable="new",
        state="updateTo",
    ),
    "deliverService": Effects(input_output="outputInput"),
    "dropoff": Effects(
        input_output="output",
        pairs_with="pickup",
        onhand="increment",
        location="update",
        stage="update",
        state="update",
    ),
    "lower": Effects(
        create_resource="optional",
        accounting="decrement",
        onhand="decrement",
        accountable="new",
        state="update",
    ),
    "modify": Effects(
        input_output="output",
        pairs_with="accept",
        onhand="increment",
        location="update",
        stage="update",
        state="update",
    ),
    "move": Effects(
        create_resource="optionalTo",
        accounting="decrementIncrement",
        onhand="decrementIncrement",
        location="updateTo",
        state="updateTo",
    ),
    "pickup": Effects(
        input_output="input",
        pairs_with="dropoff",
        onhand="decrement",
        location="update",
        state="update",
    ),
    "produce": Effects(
        input_output="output",
        create_resource="optional",
        accounting="increment",
        onhand="increment",
        location="new",
        accountable="new",
        stage="update",
        state="update",
    ),
    "raise": Effects(
        create_resource="optional",
        accounting="increment",
        onhand="increment",
        accountable="new",
        state="update",
    ),
    "separate": Effects(
        input_output="output",
        onhand="increment",
        contained="remove",
        stage="update",
        state="update",
    ),
    "transfer": Effects(
        create_resource="optionalTo",
        accounting="decrementIncrement",
        onhand="decrementIncrement",
        location="updateTo",
        accountable="updateTo",
        state="updateTo",
    ),
    "transferAllRights": Effects(
        create_resource="optionalTo",
        accounting="decrementIncrement",
        accountable="updateTo",
        state="updateTo",
    ),
    "transferCustody": Effects(
        create_resource="optionalTo",
        onhand="decrementIncrement",
        location="updateTo",
        state="updateTo",
    ),
    "use": Effects(input_output="input", event_quantity="both", state="update"),
    "work": Effects(input_output="input", event_quantity="effort"),
}
