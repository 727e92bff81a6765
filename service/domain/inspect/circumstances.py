"""Circumstances of a record: late, far away, too fast. Facts with what was measured and the threshold, no verdicts."""

from collections.abc import Mapping
from typing import Any

# Defaults; a checklist may give its own. Reasons stand beside them: they are ours, no rule gives numbers.
THRESHOLDS: Mapping[str, int] = {
    "late_hours": 24,  # between signing and the record's arrival: a day without signal is ordinary
    "far_m": 300,  # from the site, beyond what the phone says of its accuracy: a large courtyard
    "inaccurate_m": 200,  # a position coarser than this says little
    "stale_position_s": 300,  # age of the position when it was taken down
    "clock_s": 300,  # the phone's wall clock beside ours
    "fast_s": 20,  # a record looked up, read and judged in less
    "photo_minutes": 60,  # between the camera's clock and the record's beginning or signing
}

Measure = Mapping[str, Any]
