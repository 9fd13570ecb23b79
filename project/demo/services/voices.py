"""What people of the demo answer. The tendency differs per event, so that figures differ visibly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.enums import SCALE, Answer
from feedback.rules.questionnaire import COMMENT, RATED_ITEMS

if TYPE_CHECKING:
    from random import Random

SKIPS = 0.04
NOT_APPLICABLE = 0.03
COMMENTS = 0.3
LEARNED = {"recognise": 0.7, "confident": 1.1, "know_where": 0.9}
TENDENCY = {
    "relevant": 4.1,
    "free": 4.2,
    "recognise": 4.2,
    "confident": 3.9,
    "know_where": 4.1,
    "intend": 4.0,
    "advise": 4.3,
}
OF_EVENT = {
    "mindlab-first-series": 0.2,
    "work-conference-first": -0.4,
    "executive-board": -0.2,
    "bias-observation": 0.1,
}
USUAL = 4.0
SPREAD = 0.9
WORDS = (
    "Very heavy, but beautiful. Keep the time to talk afterwards.",
    "Heel heftig, maar mooi. Het gesprek erna was te kort.",
    "I would have liked this in my first week.",
    "Graag ook een keer met ons hele team.",
    "Practising with an actor made the difference.",
    "Meer voorbeelden uit het lab, minder uit vergaderingen.",
    "Good that nobody had to say anything.",
    "De ruimte was te warm en te vol, de inhoud was goed.",
    "Please repeat this every year, it fades.",
    "Ik weet nu bij wie ik terechtkan. Dat wist ik niet.",
    "Smaller groups, please; in ours three people did the talking.",
    "Fijn dat er ook leidinggevenden bij zaten.",
    "What happens with what we said? Tell us.",
    "Het mag nog wel wat scherper.",
    "The English date was full, so I came to the Dutch one. More English, please.",
    "Rustig opgebouwd, en tijd om bij te komen.",
)


def answers(slug: str, chance: Random) -> dict[str, str]:
    """Returns the answers of one person: around the tendency of each item, shifted by how content this person is."""
    mood = chance.gauss(OF_EVENT.get(slug, 0.0), 0.5)
    given: dict[str, str] = {}
    for item in RATED_ITEMS:
        if chance.random() < SKIPS:
            continue
        around = TENDENCY.get(item.key, USUAL) + mood
        given[item.key] = _value(around, chance)
        if item.is_pair:
            given[f"{item.key}_before"] = _value(around - LEARNED.get(item.key, 0.5), chance)
    if chance.random() < COMMENTS:
        given[COMMENT.key] = chance.choice(WORDS)
    return given


def _value(around: float, chance: Random) -> str:
    if chance.random() < NOT_APPLICABLE:
        return Answer.NOT_APPLICABLE.value
    step = min(max(round(chance.gauss(around, SPREAD)), 1), len(SCALE))
    return SCALE[step - 1].value
