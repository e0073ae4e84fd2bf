"""Signs of what a sentence of a paper does: it reports, asks, names what is new, tells how something was done.

They are of English prose, and of no field. Each sign has a weight and is a reason that people can read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Cue:
    """A sign, how much it says for (or against) a claim, and what it is called."""

    pattern: re.Pattern[str]
    weight: float
    name: str


def _cue(pattern: str, weight: float, name: str) -> Cue:
    return Cue(re.compile(pattern, re.IGNORECASE), weight, name)


_WE: Final = r"(?:we|our (?:results?|findings?|experiments?|analys[ei]s|data|evidence|study|work)|this (?:paper|work|study|result|finding|analysis|evidence)|these (?:results?|findings?|data|numbers)|the (?:results?|findings?|data|evidence|numbers))"
_VERBS: Final = r"(?:find|found|show|shows|showed|observe|observed|demonstrate|demonstrates|demonstrated|conclude|concluded|report|reported|confirm|confirms|confirmed|reveal|reveals|revealed|establish|establishes|prove|proved|argue|argued|suggest|suggests|suggested|indicate|indicates|indicated|imply|implies|support|supports|see|saw|discover|discovered|note|noted|estimate|estimated|believe|hypothesi[sz]e|conjecture|expect|predict|contend|maintain)"
_LINKING: Final = r"(?:\w+ly |also |further |thus |therefore |consistently |clearly |however |first |finally |do not |did not |cannot )*"

CLAIMS: Final = (
    _cue(rf"\b{_WE} {_LINKING}{_VERBS}\b(?! (?:in|on|by|with|to) )(?: that\b)?", 0.34, "it says what was found or is held"),
    _cue(rf"\b{_VERBS} that\b", 0.16, "it reports a statement"),
    _cue(r"^(?:conclusions?|results?|findings?|interpretation)\s?[:.]", 0.16, "it is headed as a result"),
    _cue(r"\b(?:it (?:turns out|follows|appears|seems) that|there is (?:no|little|strong|clear|some) evidence|contrary to|surprisingly|strikingly|notably|crucially|importantly|in (?:short|sum|summary|contrast)|overall|as a result|consequently|on the whole)\b", 0.18, "it sums up"),
    _cue(r"\b(?:increas|decreas|reduc|improv|rais|lower|rise|rose|fell|fall|drop|grow|grew|shrink|shrank|doubl|halv|degrad|worsen|outperform|exceed|surpass|boost|declin)\w*\b", 0.16, "it says that something changes"),
    _cue(r"\b(?:more|less|fewer|better|worse|higher|lower|larger|smaller|stronger|weaker|faster|slower|greater|longer|shorter|rarer|easier|harder|\w+er)\b[^.]{0,60}\bthan\b|\bas (?:\w+ ){1,2}as\b|\bat least as\b", 0.2, "it compares"),
    _cue(r"\b(?:caus|predict|correlat|depend|determin|explain|lead|generali[sz]|transfer|emerg|persist|vanish|disappear|fail|suffic|prevent|suppress|elicit|induc|trigger|drive|undermin|contradict|speak|spoke|belie|obscur|conceal|enabl|mak|remain|account|surviv|recover|detect|miss|break|hold|surface|vary|varies|matter|cost|resist|learn|avoid)\w*\b", 0.1, "it says what does what"),
    _cue(r"(?<![\w.])\d+(?:[.,]\d+)*\s?(?:%|percent|per cent|percentage points?|points?)|\b\w+ percent\b|\b(?:half|third|quarter|majority|most|none|all but|fraction|nearly all|almost (?:all|none|never|always)|tenfold|twice|times)\b", 0.14, "it has a measure"),
    _cue(r"\b(?:no|not|neither|nor|hardly|nothing)\b.{0,40}?\b(?:differ|chang|mov|effect|ris|rose|fall|fell|affect|depend|matter|explain|help|worse|better|more|less|longer|often|add|drop|notice)\w*\b|\bstay(?:s|ed)? (?:flat|constant|stable|the same)\b|\bun(?:changed|affected)\b", 0.14, "it says that something makes no difference"),
    _cue(r"\b(?:never|always|no longer|only|not|cannot|hardly|rarely|seldom|neither|nor|without)\b", 0.06, "it rules something out or in"),
    _cue(r"\b(?:may|might|could|will|would|likely|unlikely|probably|should) (?:\w+ ){0,2}(?:be|become|have|not|lead|cause|explain|make|grow|fail|learn|hide|need|remain|\w+)\b", 0.08, "it says what may be"),
    _cue(r"\b(?:significant(?:ly)?|p\s*[<=]\s*0?\.\d+|confidence interval|statistically|robust(?:ly)?)\b", 0.1, "it speaks of significance"),
    _cue(r", so\b|\b(?:because|since (?!\d)|due to|hence|therefore|thus|so that|rather than|even (?:when|though|if|after)|despite|whereas|while|although|unless|regardless)\b", 0.08, "it gives a reason or a condition"),
)  # fmt: skip

AGAINST: Final = (
    _cue(r"\b(?:we|this (?:paper|work|section|appendix)) (?:\w+ )?(?:propose|introduce|present|describe|develop|define|formali[sz]e|investigate|study|examine|explore|ask|consider|discuss|review|survey|revisit|aim|seek|focus|provide|release|publish|contribute|outline)\w*\b", -0.3, "it says what the paper does"),
    _cue(r"\b(?:we|i) (?:\w+ly |then |first |also |next |further )*(?:train|sampl|collect|us|fine-?tun|finetun|evaluat|measur|comput|select|annotat|record|run|ran|chose|choose|split|filter|generat|prompt|query|queried|set|kept|keep|appl|adopt|employ|follow|vary|varied|repeat|ask|gave|give|build|built|construct|implement|recruit|paid|test|compar|extract|score|label|log|load|draw|drew|remove|replac|add|wrote|write|took|take|draft|initiali[sz]|log)(?:e|es|ed|d|ing|ped|t|ied|s)?\b", -0.3, "it says how something was done"),
    _cue(r"\b(?:was|were|is|are) (?:\w+ly |then |each )?(?:trained|sampled|collected|evaluated|measured|computed|selected|annotated|recorded|split|filtered|generated|prompted|drawn|initiali[sz]ed|scored|labell?ed|paid|recruited|chosen|run|repeated|shuffled|removed|tuned|described|listed|depicted|available|organi[sz]ed|structured|defined)\b", -0.16, "it says how something was done"),
    _cue(r"\b(?:section|sec\.|appendix|figure|fig\.|table|algorithm|equation|eq\.)\s*(?:\d|[A-Z]\b)[^.]{0,80}\b(?:describ|show|list|giv|present|report|contain|discuss|depict|summari[sz]|plot|illustrat|detail|provid|introduc|review|cover|define|conclud)\w*", -0.3, "it points to a place"),
    _cue(r"\b(?:remainder|rest) of (?:this|the) paper\b|\bis organi[sz]ed as follows\b|\bsee (?:section|appendix|figure|table)\b", -0.5, "it points to a place"),
    _cue(r"\[\u2026\]|\(\w[^()]*\b(?:19|20)\d\d[a-z]?\)|\bet al\.|\[\d+(?:, ?\d+)*\]", -0.22, "it reports the work of others"),
    _cue(r"\b(?:prior|previous|earlier|existing|related|past|recent|other) (?:work|studies|research|papers?|literature|authors|reports?)\b|\bothers have\b|\bhas been (?:shown|argued|proposed|suggested|studied|observed)\b|\b(?:is|are) (?:often|commonly|usually|typically|widely) (?:said|held|assumed|thought|believed|used)\b", -0.24, "it reports the work of others"),
    _cue(r"\b(?:future work|further (?:trials?|studies|work|experiments?)|did not (?:test|measure|examine)|(?:was|were) not (?:tested|measured)|we leave|we hope|left (?:to|for)|we plan|we encourage|we invite|further research|should (?:be )?stud)\w*\b", -0.32, "it speaks of work to come"),
    _cue(r"\b(?:thank|acknowledg|grateful|funded|funding|supported by|grant|correspondence)\w*\b", -0.6, "it gives thanks"),
    _cue(r"(?i)^(?:background|methods?|objectives?|aims?|design|setting|participants)\s?[:.]", -0.4, "it is headed as background or method"),
    _cue(r"^(?:for example|for instance|e\.g\.|consider|suppose|let |imagine|recall|note that|in this section|here,? we|to this end|in particular,? we|given|first,|second,|third,)", -0.16, "it is an example or a step"),
    _cue(r"\b(?:is|are) (?:defined as|called|termed|known as|denoted|said to be)\b|\bwe (?:call|term|denote|refer to|write|say|mean)\b|\bby \w+ we mean\b", -0.3, "it gives a name"),
    _cue(r"\b(?:unclear|unknown|open question|remains (?:open|to be seen)|not (?:yet )?(?:known|understood|clear) (?:whether|how|why|if)|do not know (?:whether|how|why|if)|cannot (?:tell|say) (?:whether|how|why|if))\b", -0.24, "it is open"),
)  # fmt: skip

QUESTION: Final = re.compile(
    r"(?i)\b(?:(?:it )?(?:is|remains?) (?:an )?(?:open|unclear|unknown|unresolved|to be seen)(?: question)?|open (?:question|problem)s?|"
    r"(?:an|one|the) (?:important |natural |interesting |key |main )?(?:open )?question (?:is|remains|here is)|"
    r"we (?:do not|don't) (?:yet )?know|not (?:yet )?(?:known|understood|clear)|we ask|"
    r"we cannot (?:tell|say)|remains to be (?:seen|shown|tested|determined))\b[^.?]{0,40}?\b(?P<ask>whether|how|why|what|which|when|if|where|who)\b"
)
OPEN: Final = re.compile(
    r"(?i)\b(?P<ask>(?:whether|how|why|which|what)\b[^.]{3,200}?)\s(?:is|remains?|are) (?:still )?(?:open|unclear|unknown|an open question|to be seen|not known|unresolved)\b"
)
METHOD: Final = re.compile(
    r"(?:\b[Ww]e (?:\w+ly |also |therefore |then |here |first )*(?:propose|introduce|present|develop|describe|devise|design)\w*|\b[Tt]his (?:paper|work) (?:proposes|introduces|presents|develops|describes))\s+"
    r"(?P<what>[^.;:]{3,160})"
)
ARTIFACT: Final = re.compile(
    r"(?:\b[Ww]e (?:also |hereby |publicly |will |further |have )*(?:releas|publish|open-sourc|open sourc|provid|make available|shar|distribut|made|make)\w*)\s+(?P<what>[^.;:]{3,160})"
)
METHOD_WORDS: Final = re.compile(
    r"(?i)\b(?:methods?|procedures?|techniques?|algorithms?|approach(?:es)?|protocols?|training scheme|schemes?|pipelines?|tests?|probes?|losses|loss|objectives?|audits?|filters?|monitors?|detectors?|decoding|prompting|training|regulari[sz]ation|fine-?tuning|steering|intervention)\b"
)
ARTIFACT_WORDS: Final = re.compile(
    r"(?i)\b(?:datasets?|data set|benchmarks?|codes?|source code|librar(?:y|ies)|models?|weights|checkpoints?|suites?|corpus|corpora|environments?|transcripts|toolkits?|tools?|packages?|testbeds?|leaderboards?|simulators?|software|collections?)\b"
)
NAME: Final = re.compile(
    r"(?:\bcalled|\bnamed|\btermed|\bdubbed|\bwhich we call|\bwe call|\bas|\bunder the name|,)\s+(?:the )?[\"\u201c]?(?P<name>[A-Z][\w-]*(?:[ -][A-Z0-9][\w-]*){0,4}|[a-z]+(?: [a-z]+){0,3})[\"\u201d]?(?=[,.;)]|\s*$|\s+(?:that|which|to|for|and|is|in|with|by)\b)"
)
PROPER: Final = re.compile(r"\b(?:[A-Z][a-z]*[A-Z]\w*|[A-Z]{2,}[\w-]*|[A-Z][a-z]+(?:-[A-Z0-9]\w*)+)\b")

OPENINGS: Final = re.compile(
    rf"(?i)^(?:(?:conclusions?|results?|findings?)\s?:\s*|(?:however|moreover|furthermore|overall|in (?:summary|short|sum|contrast|particular|addition)|surprisingly|strikingly|notably|crucially|importantly|interestingly|finally|first|second|third|thus|hence|therefore|consequently|as a result|specifically|taken together|together|in other words|conversely|by contrast|on the whole|critically|to summari[sz]e),?\s+)*"
    rf"(?:(?:here,?\s+)?{_WE}\s+{_LINKING}(?:{_VERBS})(?: evidence| strong evidence)?(?:,? (?:in|on|across|for) [^,]{{3,60}},)?\s+that\s+|it (?:turns out|follows|appears|seems) that\s+)?"
)

SECTIONS: Final = (
    (re.compile(r"(?i)\babstract\b"), 0.14, "it is in the abstract"),
    (re.compile(r"(?i)\b(?:conclu|summary|takeaway)"), 0.18, "it is in the conclusion"),
    (re.compile(r"(?i)\b(?:result|finding|experiment|evaluation|analysis)"), 0.12, "it is among the results"),
    (re.compile(r"(?i)\b(?:discussion|implication)"), 0.08, "it is in the discussion"),
    (re.compile(r"(?i)\b(?:related work|background|preliminar|prior work|literature)"), -0.2, "it is in the part on other work"),
    (re.compile(r"(?i)\b(?:method|setup|set-up|procedure|dataset|data|implementation|training details|materials|design|protocol)"), -0.14, "it is in the part on methods"),
    (re.compile(r"(?i)\b(?:acknowledg|author contribution|funding|reproducib|ethic|impact statement|conflict)"), -0.6, "it is in a part without claims"),
)  # fmt: skip


def cues_in(sentence: str) -> Iterator[tuple[float, str]]:
    """Yield the weights and names of the signs in a sentence for and against a claim, each name once."""
    seen: set[str] = set()
    for cue in (*CLAIMS, *AGAINST):
        if cue.name not in seen and cue.pattern.search(sentence):
            seen.add(cue.name)
            yield cue.weight, cue.name
