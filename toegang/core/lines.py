"""What production tells on its console: one line of JSON for each message, for whatever gathers the lines."""

import json
import logging
from datetime import UTC, datetime


class Lines(logging.Formatter):
    """A line with its moment in UTC; a text with line ends in it stays one line (ASVS 5.0 16.2.2, 16.2.4, 16.4.1)."""

    def format(self, record: logging.LogRecord) -> str:
        """Give moment, level, logger and message, and the trace of an error."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)
