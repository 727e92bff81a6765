"""Ten thousand slips as one PDF: time, size and peak of memory of the process that sets them in type."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SLIPS = 10_000
CHILD = Path(__file__).with_name("print_child.py")


@pytest.mark.bench
def test_ten_thousand_slips_in_a_minute_and_300_megabytes():
    root = CHILD.parents[2]
    command = [sys.executable, str(CHILD), str(SLIPS)]
    done = subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, check=True)
    told = json.loads(done.stdout)
    time = f"{told['seconds']:.1f} s ({told['cpu']:.1f} s of CPU)"
    print(f"\n{SLIPS:,} slips: {time}, {told['bytes'] / 1e6:.1f} MB PDF, peak {told['peak_mib']:.0f} MiB")
    assert told["seconds"] < 60
    assert told["peak_mib"] < 300
