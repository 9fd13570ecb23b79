"""Words with which somebody may be asking for help instead of a session. The pages that search then show where help is
before anything else.

In both languages at once, because people search in either. Add a word here; nothing else has to change. Searches are
not recorded, neither these nor others (docs/privacy.md).
"""

from __future__ import annotations

from project.text import folding

# What a word begins with: "intimid" is in intimidation, intimideren and intimidatie. Folded: no capitals, no accents.
ENGLISH = """
    abus afraid assault bulli bully coerc danger discrimin emergenc frighten grop harass harrass humiliat inappropriate
    intimid mistreat misconduct molest racis raped rapist report scared sexis sexual stalk suicid threat transgress
    unsafe unwanted victim violen whistlebl
"""
DUTCH = """
    aangerand aanrand bedreig dreig gediscrimin geintimid gepest gestalkt gevaar grensoverschr klacht klokkenluid
    mishandel misbruik noodgeval noodnummer ongepast ongewenst onveilig pesten pester pestged seksis seksue slachtoffer
    uitgescholden verkracht vernede vertrouwenspers weggepest zelfdoding zelfmoord
"""
BEGINNINGS = (*ENGLISH.split(), *DUTCH.split())
# Words of which only the whole means this: "geweldig" is "great".
WHOLE_WORDS = "112 bang geweld gemeld help hulp melden melding meldingen meldpunt nood pest pestte rape sos"
WHOLE = frozenset(WHOLE_WORDS.split())


def asks_for_help(text: str) -> bool:
    """Returns whether any word of a search is one of these, whatever its case and accents."""
    words = folding.words(text)
    return any(word in WHOLE or word.startswith(BEGINNINGS) for word in words)
