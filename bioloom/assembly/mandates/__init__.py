"""Mandates: who decides together, and whom an assembly trusts with what. Everything starts here.

Reads and writes AssemblyDeclared, MandateGiven, MandateRecalled and MandateLaidDown.
"""
