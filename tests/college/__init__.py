"""The sample college: two sites (and more on demand) on loopback, their truth known. `python -m tests.college` serves
it."""

from tests.college.college import College
from tests.college.mischief import MISDEEDS
from tests.college.story import Expected
from tests.college.wire import Seen

__all__ = ["MISDEEDS", "College", "Expected", "Seen"]
