"""One lifelike moment for every step of the script, as the audit has them."""

from kiosk.audit.moments import NOON, NUMBER, catalogue, listening, receipt, sample

__all__ = ["NOON", "NUMBER", "catalogue", "listening", "receipt", "sample"]
