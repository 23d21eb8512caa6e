"""Covenants: a community's materials, and all that is made of them, stay among those who belong.

Reads CovenantEnacted, LotReleased and CovenantEnded, who belongs where, and every movement; says
what each movement would break, and which lots each entry binds. Writes ActRefused.
"""
