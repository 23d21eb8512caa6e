"""Terms of EPCIS 2.0 and its Core Business Vocabulary, and the contexts that expand them.

Source:
    GS1 EPCIS and CBV 2.0.0 and 2.0.1, https://ref.gs1.org/standards/epcis/epcis-context.jsonld.
"""

from bioloom.ledger.formats.linked.strict import words

CBV = "https://ref.gs1.org/cbv/"

_SHARED = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
# The two releases differ in one prefix, and with it in the hash of every event with a sensor.
PREFIXES_2_0_0 = _SHARED | {"gs1": "https://gs1.org/voc/"}
PREFIXES_2_0_1 = _SHARED | {"gs1": "https://ref.gs1.org/voc/"}
CONTEXTS = {
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld": PREFIXES_2_0_0,
    "https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld": PREFIXES_2_0_1,
    # The newest release.
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld": PREFIXES_2_0_1,
    # Where the drafts of 2.0.0 stood.
    "https://gs1.github.io/EPCIS/epcis-context.jsonld": PREFIXES_2_0_0,
}

EVENT_TYPES = (
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
)
ACTIONS = ("ADD", "OBSERVE", "DELETE")

BIZ_STEPS = frozenset(
    words(
        """
        accepting arriving assembling collecting commissioning consigning
        creating_class_instance cycle_counting decommissioning departing destroying
        disassembling dispensing encoding entering_exiting holding inspecting installing killing
        loading other packing picking receiving removing repackaging repairing replacing
        reserving retail_selling sampling sensor_reporting shipping staging_outbound
        stock_taking stocking storing transporting unloading unpacking void_shipping
        """
    )
)
DISPOSITIONS = frozenset(
    words(
        """
        active available completeness_verified completeness_inferred conformant container_closed
        container_open damaged destroyed dispensed disposed encoded expired in_progress
        in_transit inactive mismatch_instance mismatch_class mismatch_quantity needs_replacement
        no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled
        reserved retail_sold returned sellable_accessible sellable_not_accessible stolen
        unavailable unknown
        """
    )
)
TRANSACTION_TYPES = frozenset(
    words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt")
)
PARTY_TYPES = frozenset(words("owning_party possessing_party location"))
ERROR_REASONS = frozenset(words("did_not_occur incorrect_data"))
COMPONENTS = frozenset(
    words(
        """
        x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting
        northing latitude longitude altitude
        """
    )
)
EXCEPTIONS = frozenset(words("ALARM_CONDITION ERROR_CONDITION"))
MEASUREMENTS = frozenset(
    words(
        """
        AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude
        AmountOfSubstance AmountOfSubstancePerUnitVolume Angle AngularAcceleration
        AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity Count Density
        Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge
        ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force
        Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum
        Luminance LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity
        MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime
        MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure
        RadiantFlux RadiantIntensity RelativeHumidity Resistance Resistivity SolidAngle
        SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage
        Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber
        """
    )
)

# A field's bare words, and what stands before one of them when it is written out.
WORDS: dict[str, tuple[frozenset[str], str]] = {
    "bizStep": (BIZ_STEPS, "cbv:BizStep-"),
    "disposition": (DISPOSITIONS, "cbv:Disp-"),
    "set": (DISPOSITIONS, "cbv:Disp-"),
    "unset": (DISPOSITIONS, "cbv:Disp-"),
    "bizTransactionList.type": (TRANSACTION_TYPES, "cbv:BTT-"),
    "sourceList.type": (PARTY_TYPES, "cbv:SDT-"),
    "destinationList.type": (PARTY_TYPES, "cbv:SDT-"),
    "reason": (ERROR_REASONS, "cbv:ER-"),
    "component": (COMPONENTS, "cbv:Comp-"),
    "exception": (EXCEPTIONS, "gs1:"),
    "sensorReport.type": (MEASUREMENTS, "gs1:"),
}
# The spelling of EPCIS 1.2, which XML still uses, and the one it has now.
OLDER_SPELLINGS = {
    "urn:epcglobal:cbv:bizstep:": f"{CBV}BizStep-",
    "urn:epcglobal:cbv:disp:": f"{CBV}Disp-",
    "urn:epcglobal:cbv:btt:": f"{CBV}BTT-",
    "urn:epcglobal:cbv:sdt:": f"{CBV}SDT-",
    "urn:epcglobal:cbv:er:": f"{CBV}ER-",
}
