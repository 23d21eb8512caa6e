"""Opening the register that belongs to a city; a city that has none yet gets an empty one."""

from bioloom.doors.compose import City
from bioloom.doors.register.register import REGISTER_FILE, Register


def open_register(city: City) -> Register:
    """The register in a city's folder.

    Raises:
        NotARegister: If the file is something else, or another city's.
    """
    # The id of the first entry has the city's own salt in it.
    return Register(city.folder / REGISTER_FILE, city=city.journal.at([1])[1].id)
