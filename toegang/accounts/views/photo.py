"""The own photo: shown, given and taken away by oneself alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from toegang.accounts.forms import PhotoForm
from toegang.accounts.models import Photo
from toegang.accounts.selectors import may_have_photo, own_photo
from toegang.accounts.services.photo import drop_photo, set_photo
from toegang.core.access import ActingRequest, staff
from toegang.core.images import UnusableImage
from toegang.core.pages import image_answer, posted


@staff
def photo(request: ActingRequest) -> HttpResponse:
    """Show the own photo with who sees it; a POST gives one to who may become a contactpersoon."""
    own, may = own_photo(request.actor), may_have_photo(request.actor)
    if not may and (own is None or request.method == "POST"):
        raise Http404
    form = PhotoForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _given(request, form):
        messages.success(request, "Uw foto is bewaard.")
        return redirect("account_photo")
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "photo": own, "may": may}
    return render(request, "accounts/photo.html", page)


def _given(request: ActingRequest, form: PhotoForm) -> bool:
    """Whether the photo was one that the house takes; the form tells why not."""
    try:
        set_photo(user_id=request.actor.user_id, upload=form.cleaned_data["photo"].read(), actor=request.actor)
    except UnusableImage as why:
        form.add_error("photo", str(why))
    return not form.errors


@staff
@require_POST
def photo_drop(request: ActingRequest) -> HttpResponse:
    """Take the own photo away."""
    drop_photo(user_id=request.actor.user_id, actor=request.actor)
    messages.success(request, "Uw foto is weg.")
    return redirect("account_settings")


@staff
@require_safe
def photo_image(request: ActingRequest) -> HttpResponse:
    """Give the own photo itself."""
    return image_answer(get_object_or_404(Photo, user=request.actor.user_id).image)
