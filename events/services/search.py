"""Finds dates by words in titles, summary, description, room, kind, unit and language, in both languages at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext, override

from events.enums import EventKind, SessionLanguage
from events.models import Event, SearchText, SearchWord, Session
from project.text import folding
from project.text.folding import Term

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from events.querysets import EventQuerySet, SessionQuerySet

LANGUAGES = ("en", "nl")
MAX_TERMS, MAX_CORRECTED_WORDS, MAX_CORRECTIONS = 20, 5, 5  # limits the work of one search
LONGEST_WORD = 100  # letters; nobody searches for a longer one, and indexes have limits
AT_ONCE = 500


def mentioning(sessions: SessionQuerySet, text: str) -> SessionQuerySet:
    """Returns sessions that contain every word of `text`, whole or as a part of a word.

    Case, accents, apostrophes and hyphens do not matter. An unknown word counts as the nearest known one
    (`folding.nearest`). An empty text finds everything, a text without words nothing. Costs one more statement if a
    word is long enough to be mistyped.
    """
    terms = folding.terms(text)[:MAX_TERMS]
    if not terms:
        return sessions.none() if text.strip() else sessions
    corrections = _corrections(terms)
    condition = Q()
    for term in terms:
        condition &= _has(term, corrections.get(term.word, []))
    return sessions.filter(condition)


def alike(sessions: SessionQuerySet, text: str) -> SessionQuerySet:
    """Returns sessions that contain any of the longer words of `text`, or words that look like them, for people who
    found nothing. `score`: how many of the words. Costs one more statement.
    """
    words = [term.word for term in folding.terms(text) if len(term.word) >= folding.FEWEST_LETTERS]
    vocabulary = list(SearchWord.objects.values_list("word", flat=True)) if words else []
    score: Combinable = Value(0)
    for word in words[:MAX_CORRECTED_WORDS]:
        known = folding.similar(word, vocabulary)[:MAX_CORRECTIONS]
        score += Case(When(_has(Term(word), known), then=1), default=0)
    return sessions.annotate(score=score).filter(score__gt=0)


def events_with_words(events: EventQuerySet, text: str) -> list[Event]:
    """Returns the events whose own texts contain every word of `text`, in any language; for events without dates, which
    `mentioning` cannot find. Reads them all, so they must be few.
    """
    terms = folding.terms(text)[:MAX_TERMS]
    known = ((event, " ".join(folding.words(" ".join(_texts_of(event))))) for event in events)
    return [event for event, words in known if terms and all(folding.has(words, term) for term in terms)]


def refresh(sessions: SessionQuerySet) -> int:
    """Updates the search words of these sessions and returns how many changed. Idempotent.

    Every verb that changes a text, room, kind or unit calls this, under the lock of the event.
    """
    rows = list(sessions.select_related("event__owner", "venue", "round").order_by("pk"))
    known = dict(SearchText.objects.filter(session__in=rows).values_list("session", "folded"))
    changed, words = [], set[str]()
    for session in rows:
        found_by = words_of(session)
        folded = " ".join(sorted(found_by))
        if known.get(session.pk) != folded:
            changed.append(SearchText(session=session, folded=folded))
            words |= found_by.difference(known.get(session.pk, "").split())
    SearchText.objects.bulk_create(
        changed, AT_ONCE, update_conflicts=True, unique_fields=["session"], update_fields=["folded"]
    )
    # Sorted, so that two writers cannot deadlock.
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in sorted(words)], AT_ONCE, ignore_conflicts=True)
    return len(changed)


def repair() -> int:
    """Refreshes everything, event by event under its lock, and deletes words that no session has any more.

    For changes that no verb made: a new translation, or an edit in the database. Returns how many sessions changed.
    Idempotent.
    """
    changed = 0
    for pk in Event.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            Event.objects.select_for_update(no_key=True).get(pk=pk)
            changed += refresh(Session.objects.filter(event=pk))
    _forget_words()
    return changed


def _forget_words() -> None:
    in_use = {word for folded in SearchText.objects.values_list("folded", flat=True) for word in folded.split()}
    gone = [word for word in SearchWord.objects.values_list("word", flat=True) if word not in in_use]
    for start in range(0, len(gone), AT_ONCE):
        SearchWord.objects.filter(word__in=gone[start : start + AT_ONCE]).delete()


def words_of(session: Session) -> set[str]:
    """Returns the search words of a session. Its event, unit, venue and round must be loaded.

    Empty for a discreet event: finding it by a word would tell what it is about (specs/privacy.md 3).
    """
    event = session.event
    if event.is_discreet:
        return set()
    texts = _texts_of(event)
    texts += [session.title_en, session.title_nl, event.owner.name_en, event.owner.name_nl, event.owner.code]
    texts += _labels(event.kind, session.language, bool(session.join_url))
    if session.round:
        texts += [session.round.title_en, session.round.title_nl]
    if session.venue:
        texts += [session.venue.name, session.venue.room, session.venue.address]
    return {word[:LONGEST_WORD] for word in folding.words(" ".join(texts))}


def _texts_of(event: Event) -> list[str]:
    return [getattr(event, f"{name}_{code}") for name in ("title", "summary", "description") for code in LANGUAGES]


@cache
def _labels(kind: str, language: str, is_online: bool) -> tuple[str, ...]:  # noqa: FBT001  # a key of the cache
    labels = []
    for code in LANGUAGES:
        with override(code):
            labels += [str(EventKind(kind).label), str(SessionLanguage(language).label)]
            labels += [gettext("Online")] if is_online else []
    return tuple(labels)


def _has(term: Term, corrections: list[str]) -> Q:
    condition = Q()
    for word in (term.word[:LONGEST_WORD], *corrections):
        condition |= Q(search_text__folded__contains=word)
    if term.parts:
        all_parts = Q()
        for part in term.parts:
            all_parts &= Q(search_text__folded__contains=part[:LONGEST_WORD])
        condition |= all_parts
    return condition


def _corrections(terms: list[Term]) -> dict[str, list[str]]:
    """Returns the nearest known words for each unknown one."""
    long = [term.word for term in terms if len(term.word) >= folding.FEWEST_LETTERS and not term.parts]
    if not long:
        return {}
    vocabulary = list(SearchWord.objects.values_list("word", flat=True))
    together = " ".join(vocabulary)
    unknown = [word for word in long if word not in together]
    return {word: folding.nearest(word, vocabulary)[:MAX_CORRECTIONS] for word in unknown[:MAX_CORRECTED_WORDS]}
