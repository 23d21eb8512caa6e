"""Wording: texts of a covenant to begin with, which people can read, change and sign."""

_TERMS = """
# Who lets go of something: so many of these must sign, each with their own key.
quorum = 2
signers = ["person:FIRST", "person:SECOND", "person:THIRD"]

# Others may hold it for so many days, then it is due back; "never": nobody else may hold it.
custody_days = 30
# Who joins counts only after so many days.
cooling_off_days = 14
# So many thousandths of all that comes in may be lost without anybody knowing where to.
shrinkage_per_mille = 20
# Only some materials or lots, kinds of process that are forbidden, a last day:
# materials = ["wood"]
# lots = ["beam-7"]
# forbidden = ["incineration"]
# until = 2030-12-31
"""
_HEAD = '''covenant = "ours"
commons = "commons:NAME"
title = "{title}"
text = """
{text}"""
'''
_TEXTS = {
    "en": (
        "What we gather stays ours",
        """We gather these materials together, and they belong to our commons.

1. They, and all that is made of them, stay with the commons and those who belong to it.
2. Somebody else may carry, store or repair them for us, and gives them back in time.
3. Nobody sells, gives or takes them away: not whole, not in parts, not mixed with other things.
4. Who joins us has a say in them after a time of waiting; who leaves us leaves them here.
5. Only several of us together, whom we name below, can let some of it go, for a stated reason.
6. Everything is on the public record, and so is every attempt to do otherwise.
""",
    ),
    "es": (
        "Lo que reunimos sigue siendo nuestro",
        """Reunimos estos materiales entre todos y pertenecen a nuestro bien común.

1. Ellos, y todo lo que se hace con ellos, quedan en el bien común y entre quienes le pertenecen.
2. Otras personas pueden transportarlos, guardarlos o repararlos, y los devuelven a tiempo.
3. Nadie los vende, los regala ni se los lleva: ni enteros, ni en partes, ni mezclados.
4. Quien se une a nosotros decide sobre ellos tras un tiempo de espera; quien se va los deja aquí.
5. Solo varias personas juntas, que nombramos abajo, pueden ceder una parte, y dicen por qué.
6. Todo consta en el registro público, también cada intento de hacer otra cosa.
""",
    ),
}
# A whole covenant in TOML, by language.
TEMPLATES = {
    language: _HEAD.format(title=title, text=text) + _TERMS
    for language, (title, text) in _TEXTS.items()
}
