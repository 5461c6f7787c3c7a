"""What holds for every test."""

import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine than about the code. (In CI, hypothesis has such a profile itself,
# which also draws the same examples every time.)
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
if "CI" not in os.environ:
    settings.load_profile("desk")


def pytest_configure(config: pytest.Config) -> None:
    """One cache for the whole run: typing tables are built once, and librime can open only one set of them a process."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="kiosk-tests-cache-")
        config.add_cleanup(folder.cleanup)
        os.environ["XDG_CACHE_HOME"] = folder.name
