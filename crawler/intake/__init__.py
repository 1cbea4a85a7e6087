"""What a capture means for the rows: the one way in, for a crawl, for recovery, for rebuild and ingest."""

from crawler.intake.intake import Intake
from crawler.intake.listings import hint_of
from crawler.intake.visit import Schedule, Visit

__all__ = ["Intake", "Schedule", "Visit", "hint_of"]
