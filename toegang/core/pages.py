"""What pages of every door share: what was sent, one page of a long list, a stored file or an image as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import content_disposition_header

from toegang.core import documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from toegang.core.models import StoredFile

PAGE = 50


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in."""
    return request.POST if request.method == "POST" else None


def carried(request: HttpRequest, own: set[str]) -> list[tuple[str, str]]:
    """What was typed before a question came between, without the answers to it; for templates/carried.html."""
    lists = request.POST.lists()
    return [(name, value) for name, values in lists if name not in {*own, "csrfmiddlewaretoken"} for value in values]


def paged(request: HttpRequest, found: QuerySet[Any, Any] | Sequence[Any]) -> dict[str, Any]:
    """One page of fifty, and the question without the number of the page; for templates/pager.html."""
    query = request.GET.copy()
    query.pop("pagina", None)
    return {"page": Paginator(found, PAGE).get_page(request.GET.get("pagina")), "query": query.urlencode()}


def file_answer(file: StoredFile, *, download: bool) -> HttpResponse:
    """A stored file under its own name, to keep or to be shown; raises DamagedFile when it is not what was stored."""
    answer = HttpResponse(documents.read(file), content_type=file.content_type)
    name = content_disposition_header(as_attachment=download, filename=file.name)
    answer.headers["Content-Disposition"] = str(name)
    return answer


def image_answer(image: bytes) -> HttpResponse:
    """A JPEG of our own making, to be shown in a page."""
    return HttpResponse(
        bytes(image), content_type="image/jpeg", headers={"Content-Disposition": 'inline; filename="foto.jpg"'}
    )
