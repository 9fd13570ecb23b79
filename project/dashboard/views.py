"""The board reads `Release` and `PublishedCell` only (specs/privacy.md 0.5): no view here may ever read another table,
except those that say who is signed in.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from project.accounts.models import Role
from project.accounts.rules import Rights
from project.dashboard.models import PublishedCell, Release
from project.dashboard.rules import periods, protection
from project.dashboard.schemas.board import Board
from project.dashboard.schemas.cells import Shown
from project.dashboard.schemas.sheet import sheet_of
from project.spreadsheets import CSV, XLSX, as_csv, as_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.http import HttpRequest

    View = Callable[..., HttpResponse]


def for_the_board(view: View) -> View:
    """Decorates a view for board members and coordinators (contract.md, "Who may see and do what"). Others get 403;
    visitors must sign in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rights = Rights.from_roles(Role.objects.filter(user=request.user.pk))
        if not (rights.reads_the_board or rights.coordinates):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return require_safe(login_required(guarded))


@for_the_board
def overview(request: HttpRequest, month: date | None = None) -> HttpResponse:
    releases = list(Release.objects.all())
    board = _board_of(releases, month or releases[0].month) if month or releases else None
    return render(request, "dashboard/overview.html", {"board": board})


@for_the_board
def figures(request: HttpRequest, month: date) -> HttpResponse:
    board = _board_of(list(Release.objects.all()), month)
    headers = {"Content-Disposition": f'attachment; filename="samen-{board.release.code}.csv"'}
    return HttpResponse(as_csv(sheet_of(board)), content_type=CSV, headers=headers)


@for_the_board
def figures_workbook(request: HttpRequest, month: date) -> HttpResponse:
    board = _board_of(list(Release.objects.all()), month)
    headers = {"Content-Disposition": f'attachment; filename="samen-{board.release.code}.xlsx"'}
    return HttpResponse(as_xlsx(sheet_of(board)), content_type=XLSX, headers=headers)


@for_the_board
def definitions(request: HttpRequest) -> HttpResponse:
    limits = {"k_count": protection.K_COUNT, "base": protection.BASE, "k_rate": protection.K_RATE}
    limits |= {
        "small_unit": protection.SMALL_UNIT,
        "k_support": protection.K_SUPPORT,
        "lag": periods.RELEASE_LAG_WORKING_DAYS,
    }
    return render(request, "dashboard/definitions.html", {"releases": Release.objects.all(), **limits})


def _board_of(releases: list[Release], month: date) -> Board:
    """Returns the board of a released month. Raises `Http404` for any other."""
    release = next((release for release in releases if release.month == month), None)
    if release is None:
        raise Http404
    shown = Shown([release.month for release in releases], month)
    return Board(release, releases, shown, PublishedCell.objects.of(shown.parts))
