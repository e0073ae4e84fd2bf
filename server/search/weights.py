"""What speaks for an entity in a search, and how much: one table, for the server and for the search in the browser.

What the sums and factors are is in `ordering.py` and in docs/search.md.
"""

from __future__ import annotations

from typing import Final

NAME: Final = 0.7
"""What all words of a text are worth in the names of an entity."""
IMPRINT: Final = 0.6
"""What they are worth in the names of the authors of a work, its year and the like."""
DEFINITION: Final = 0.7
NOTES: Final = 0.5
AROUND: Final = 0.4
"""What they are worth in the labels of what an entity is linked with, or in its identifiers."""
MEANING: Final = 1.3
"""What a cosine of one is worth."""
BESIDE: Final = 0.3
"""How much an entity gets of the score of the best match that it is linked with."""
GIVING: Final = 40
"""How many of the best matches others get something of."""
SUBJECT: Final = 0.06
"""By how much of itself a score is greater for each factor of e in how many entities are about this one."""
RENOWN: Final = 0.04
"""By how much of itself a score is greater for each factor of e in the number of edges that are no references."""
OF_CLASS: Final = 3.0
"""How often as much an entity counts that is of a class that the text names."""
IN_IMPRINT: Final = 0.3
"""By how much of itself a score is greater, for each factor of e in the number of those edges and of the references to
it, of a work by the author, or of the year, that the text names beside a subject: of an author's works on it, the best
known is looked for."""
LOOKED_AT: Final = 200
"""How many of the best matches are looked at: more would take long, and what comes later is hardly read."""
STARTS: Final = 10
"""From how many of the best matches one goes on to what is of the class that the text names."""
FEW: Final = 5
"""Where fewer than this have all words, what has some of them is found too."""
NAMESAKES: Final = 2
"""How many texts may have a word for each work with it in its imprint, if it is to be taken for a name."""
EVERYWHERE: Final = 0.25
"""The share of the entities with a word from which on it may be missing, unless all words are as frequent."""
