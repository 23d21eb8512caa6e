"""The closed lists of the Receipt API, as its reference-data endpoints give them."""

METRICS = ("Grams", "Kilograms", "Tonnes")
PHYSICAL_FORMS = ("Gas", "Liquid", "Solid", "Powder", "Sludge", "Mixed")
MEANS_OF_TRANSPORT = ("Road", "Rail", "Air", "Sea", "Inland Waterway", "Piped", "Other")
SOURCES_OF_COMPONENTS = ("NOT_PROVIDED", "PROVIDED_WITH_WASTE", "GUIDANCE", "OWN_TESTING")
REASONS_FOR_NO_CONSIGNMENT_CODE = ("NON_HAZ_WASTE_TRANSFER", "NO_DOC_WITH_WASTE", "HWRC_RECEIPT")
REASONS_FOR_NO_REGISTRATION = ("ON_SITE", "HOUSEHOLD", "ONE_OFF", "MARINE")

# Bag, bale, box, can, carrier, cask, container, drum, fibre drum, intermediate bulk container,
# loose, pallet, roll-on roll-off, skip, tank, wheelie bin.
CONTAINER_TYPES = (
    *("BAG", "BAL", "BOX", "CAN", "CAR", "CAS", "CON", "DRU"),
    *("FIB", "IBC", "LOO", "PAL", "ROR", "SKI", "TAN", "WBI"),
)

# Directive 2008/98/EC, annexes I and II.
DISPOSAL_OR_RECOVERY_CODES = (
    *(f"R{number}" for number in range(1, 14)),
    *(f"D{number}" for number in range(1, 16)),
)
# Directive 2008/98/EC, annex III; HP_POP is the service's own.
HAZARDOUS_PROPERTIES = (*(f"HP_{number}" for number in range(1, 16)), "HP_POP")

# Persistent organic pollutants of Regulation (EU) 2019/1021, annex IV, by the service's codes.
POPS: dict[str, str] = {
    "END": "Endosulfan",
    "HCBD": "Hexachlorobutadiene",
    "PCNS": "Polychlorinated naphthalenes",
    "SCCPS": "Short-chain chlorinated paraffins",
    "TETRABDE": "Tetrabromodiphenyl ether",
    "PENTABDE": "Pentabromodiphenyl ether",
    "HEXABDE": "Hexabromodiphenyl ether",
    "HEPTABDE": "Heptabromodiphenyl ether",
    "DECABDE": "Decabromodiphenyl ether",
    "PBDES": "Tetra-, penta-, hexa-, hepta- and decabromodiphenyl ethers",
    "PFOS": "Perfluorooctane sulfonic acid and its derivatives",
    "PCDD_PCDF": "Polychlorinated dibenzo-p-dioxins and dibenzofurans",
    "DDT": "Dichlorodiphenyltrichloroethane",
    "CHL": "Chlordane",
    "HCH": "Hexachlorocyclohexanes, including lindane",
    "DLD": "Dieldrin",
    "ENDN": "Endrin",
    "HPT": "Heptachlor",
    "HCB": "Hexachlorobenzene",
    "CLD": "Chlordecone",
    "ALD": "Aldrin",
    "PECBZ": "Pentachlorobenzene",
    "PCB": "Polychlorinated biphenyls",
    "MRX": "Mirex",
    "TOX": "Toxaphene",
    "HBB": "Hexabromobiphenyl",
    "HBCD": "Hexabromocyclododecane",
    "PCP": "Pentachlorophenol",
    "PFOA": "Perfluorooctanoic acid",
    "DCF": "Dicofol",
    "PFHXS": "Perfluorohexane sulfonic acid",
}
