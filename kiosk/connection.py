"""How this kiosk reaches its platform, by its configuration."""

from kiosk.configuration import Platform
from kiosk.version import version
from offline_queue.client import PlatformClient
from offline_queue.identity import Identity


def software() -> str:
    """Return what this kiosk calls itself to the platform: name and version."""
    return f"petition-kiosk/{version()}"


def open_client(platform: Platform, identity: Identity) -> PlatformClient:
    """Return a connection to the platform of an enrolled kiosk, at its new address where it has one; for one thread."""
    return PlatformClient(
        platform.url or identity.url,
        token=identity.token,
        software=software(),
        ca_bundle=platform.ca_bundle,
        proxy=platform.proxy,
    )
