"""What is uploaded stays in memory, and of a file that is too large only its beginning: nothing touches the disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from toegang.core.images import MOST_BYTES


class InMemory(FileUploadHandler):
    """Gather a file up to the limit and drop the rest; its size is told in full, so that a form can refuse it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with nothing."""
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what is still within the limit."""
        self.kept.write(raw_data[: max(0, MOST_BYTES - start)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Give the file as forms know it."""
        self.kept.seek(0)
        facts = (self.field_name, self.file_name, self.content_type, file_size, self.charset)
        return InMemoryUploadedFile(self.kept, *facts, self.content_type_extra)
