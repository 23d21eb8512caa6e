"""QR codes: the address of a lot's page, drawn so that any phone's camera opens it."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import segno
from markupsafe import Markup

# Modules around the code that must stay light (ISO/IEC 18004, section 9.1).
_QUIET = 4


def draw_qr(address: str, title: str) -> Markup:
    """A QR code as an SVG of dark squares on white, whatever the colours of the page.

    Error correction of level M survives a smudge on 15 % of a label.
    """
    code = segno.make(address, error="m", micro=False)
    side = code.symbol_size(border=0)[0] + 2 * _QUIET
    squares = "".join(
        f"M{x + _QUIET} {y + _QUIET}h{width}v1h-{width}z"
        for y, row in enumerate(code.matrix)
        for x, width in _dark_runs(row)
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="{title}" '
        'shape-rendering="crispEdges" focusable="false">'
        '<rect width="{side}" height="{side}" fill="#fff"/><path d="{squares}" fill="#000"/></svg>'
    ).format(side=side, title=title, squares=squares)


def _dark_runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where dark squares beside each other begin, and how many they are.

    >>> list(_dark_runs([1, 1, 0, 1]))
    [(0, 2), (3, 1)]
    """
    x = 0
    for dark, squares in groupby(row):
        width = len(list(squares))
        if dark:
            yield x, width
        x += width
