"""Hazardous-waste manifests of the US EPA (e-Manifest, JSON schema 1.3): read, judged, written.

A manifest is judged by what the field documentation of its schema says, not by the schema alone. It
becomes lots and movements of custody from its generator by way of its transporters to its facility.

Source:
    US EPA, e-Manifest services, schema `emanifest` 1.3 (public domain).
"""
