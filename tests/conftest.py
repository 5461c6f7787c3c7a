"""What holds for every test."""

import os

from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine than about the code. (In CI, hypothesis has such a profile itself,
# which also draws the same examples every time.)
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
if "CI" not in os.environ:
    settings.load_profile("desk")
