"""Saksgang: the service desk of a hospital's ICT and e-health department."""

__version__ = "0.1.0"
