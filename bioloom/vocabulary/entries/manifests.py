"""The entry of a hazardous-waste manifest of the US EPA. Its fields are spelled as the agency does.

What a manifest says of persons and in free text is not in the record: names, telephone numbers,
addresses, comments and instructions. `Carried` is all the rest; a field that was left out is None.

Source:
    US EPA, e-Manifest services, schema `emanifest` 1.3 (public domain).
"""

import msgspec

from bioloom.vocabulary.agents import AgentId


class Spelled(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, rename="camel"
):
    """Part of a manifest, with the agency's spelling."""


class Coded(Spelled, frozen=True, kw_only=True):
    """A code of one of the agency's lists, and what it says of it."""

    code: str | None = None
    description: str | None = None


class PaperSignature(Spelled, frozen=True, kw_only=True):
    """When somebody signed on paper; who it was is not in the record."""

    signature_date: str | None = None


class ElectronicSignature(Spelled, frozen=True, kw_only=True):
    """When and in which role somebody signed electronically."""

    signature_date: str | None = None
    signer_role: str | None = None
    signature_method: str | None = None
    on_behalf: bool | None = None


class Locality(Spelled, frozen=True, kw_only=True):
    """A state or a country."""

    code: str | None = None
    name: str | None = None


class ManifestSite(Spelled, frozen=True, kw_only=True):
    """A generator, transporter, facility or broker."""

    site_type: str | None = None
    epa_site_id: str | None = None
    name: str | None = None
    order: int | None = None
    registered: bool | None = None
    modified: bool | None = None
    site_state: Locality | None = None
    signature_type: str | None = None
    paper_signature_info: PaperSignature | None = None
    electronic_signatures_info: tuple[ElectronicSignature, ...] | None = None


class DotInformation(Spelled, frozen=True, kw_only=True):
    """A material by the rules of transport."""

    id_number: Coded
    printed_dot_information: str


class WasteQuantity(Spelled, frozen=True, kw_only=True):
    """How much of a waste, in which containers."""

    container_number: int | None = None
    container_type: Coded | None = None
    quantity: int | None = None
    unit_of_measurement: Coded | None = None


class HazardousWaste(Spelled, frozen=True, kw_only=True):
    """The waste codes of a line, federal ones and those of states."""

    federal_waste_codes: tuple[Coded, ...] | None = None
    tsdf_state_waste_codes: tuple[Coded, ...] | None = None
    tx_waste_codes: tuple[str, ...] | None = None
    generator_state_waste_codes: tuple[Coded, ...] | None = None


class PcbInfo(Spelled, frozen=True, kw_only=True):
    """A load with PCB. Its weight [kg] is kept as the text of a decimal number."""

    load_type: Coded | None = None
    article_container_id: str | None = None
    date_of_removal: str | None = None
    weight: str | None = None
    waste_type: str | None = None
    bulk_identity: str | None = None


class BrInfo(Spelled, frozen=True, kw_only=True):
    """What the biennial report asks. The density is kept as the text of a decimal number."""

    density: str | None = None
    density_unit_of_measurement: Coded | None = None
    form_code: Coded | None = None
    source_code: Coded | None = None
    waste_minimization_code: Coded | None = None
    mixed_radioactive_waste: bool | None = None


class DiscrepancyResidueInfo(Spelled, frozen=True, kw_only=True):
    """Whether a line arrived as it was told, and whether a residue was left.

    How it differed is the only remark that is kept: the agency has no other field for the figure.
    """

    discrepancy_comments: str | None = None
    waste_quantity: bool | None = None
    waste_type: bool | None = None
    residue: bool | None = None


class AdditionalInfo(Spelled, frozen=True, kw_only=True):
    """Which manifests this one continues, and the consent to an import."""

    original_manifest_tracking_numbers: tuple[str, ...] | None = None
    new_manifest_destination: str | None = None
    consent_number: str | None = None


class WasteLine(Spelled, frozen=True, kw_only=True):
    """One waste of a manifest."""

    line_number: int
    dot_hazardous: bool
    epa_waste: bool
    br: bool
    pcb: bool
    dot_information: DotInformation | None = None
    waste_description: str | None = None
    quantity: WasteQuantity | None = None
    br_info: BrInfo | None = None
    hazardous_waste: HazardousWaste | None = None
    pcb_infos: tuple[PcbInfo, ...] | None = None
    discrepancy_residue_info: DiscrepancyResidueInfo | None = None
    management_method: Coded | None = None
    additional_info: AdditionalInfo | None = None


class RejectionInfo(Spelled, frozen=True, kw_only=True):
    """How a load was rejected, and which way it goes."""

    transporter_on_site: bool | None = None
    rejection_type: str | None = None
    alternate_designated_facility_type: str | None = None
    generator_paper_signature: PaperSignature | None = None
    generator_electronic_signature: ElectronicSignature | None = None
    alternate_designated_facility: ManifestSite | None = None
    new_manifest_tracking_numbers: tuple[str, ...] | None = None


class ImportGenerator(Spelled, frozen=True, kw_only=True):
    """Who sent a waste from abroad."""

    name: str | None = None
    country: Locality | None = None
    province: str | None = None


class PortOfEntry(Spelled, frozen=True, kw_only=True):
    """Where a waste from abroad came in."""

    state: Locality | None = None
    city_port: str | None = None


class ImportInfo(Spelled, frozen=True, kw_only=True):
    """Where a waste from abroad came from."""

    import_generator: ImportGenerator | None = None
    port_of_entry: PortOfEntry | None = None


class Document(Spelled, frozen=True, kw_only=True):
    """The image of a paper copy, by its name and size [bytes]; it is not in the record itself."""

    name: str | None = None
    size: str | None = None
    mime_type: str | None = None


class CorrectionInfo(Spelled, frozen=True, kw_only=True):
    """Which version of a corrected manifest this is."""

    version_number: int | None = None
    active: bool | None = None
    ppc_active: bool | None = None
    epa_site_id: str | None = None
    initiator_role: str | None = None
    update_role: str | None = None


class Carried(Spelled, frozen=True, kw_only=True):
    """All that the record carries of a manifest."""

    manifest_tracking_number: str | None = None
    status: str | None = None
    submission_type: str | None = None
    origin_type: str | None = None
    created_date: str | None = None
    updated_date: str | None = None
    shipped_date: str | None = None
    potential_ship_date: str | None = None
    received_date: str | None = None
    certified_date: str | None = None
    is_public: bool | None = None
    signature_status: bool | None = None
    generator: ManifestSite | None = None
    transporters: tuple[ManifestSite, ...] | None = None
    designated_facility: ManifestSite | None = None
    broker: ManifestSite | None = None
    wastes: tuple[WasteLine, ...] | None = None
    rejection: bool | None = None
    rejection_info: RejectionInfo | None = None
    discrepancy: bool | None = None
    residue: bool | None = None
    residue_new_manifest_tracking_numbers: tuple[str, ...] | None = None
    imports: bool | None = msgspec.field(default=None, name="import")
    import_info: ImportInfo | None = None
    contains_previous_reject_or_residue: bool | None = None
    additional_info: AdditionalInfo | None = None
    printed_document: Document | None = None
    correction_info: CorrectionInfo | None = None
    ppc_status: str | None = None
    provide_image_generator_info: bool | None = None
    locked: bool | None = None
    lock_reason: str | None = None


class ManifestTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest as it stood when it was taken in; later states and versions correct this entry.

    `manifest` is its tracking number or, while it has none, a name by what it says. The agents are
    named apart from what is carried, so that the record knows whom it is about.
    """

    manifest: str
    parties: tuple[AgentId, ...]
    carried: Carried
