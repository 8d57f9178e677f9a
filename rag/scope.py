"""Questions that need no search: greetings, private data, attempts to change the rules, and what is out of scope."""

import re
from dataclasses import dataclass

from rag.intent import Intent
from rag.question import Question
from rag.types import Outcome
from rag.words import fold


@dataclass(frozen=True, slots=True)
class Reply:
    """A fixed answer with its outcome and reason code."""

    outcome: Outcome
    reason: str
    text: str


ABOUT = (
    "I answer questions about the AI and technology sector of the West Midlands: funding, support, places to work, "
    "skills, research, companies, health, mobility and policy. Every sentence I give comes from a source that you can "
    "open."
)

PRIVATE = Reply(
    Outcome.DECLINED,
    "privacy",
    "Please do not send personal details here: I cannot use them, make bookings or take payments, and I have not kept "
    "your question. Ask me about the West Midlands AI sector without them.",
)
_PERSONAL = Reply(
    Outcome.DECLINED,
    "privacy",
    "I do not give out private details of people, such as where they live or their personal contacts.",
)
_INJECTION = Reply(
    Outcome.DECLINED,
    "injection",
    "I only answer from my sources, with the passage shown, and I cannot change how I work. "
    "Ask me something about the West Midlands AI sector.",
)
_GREETING = Reply(Outcome.DECLINED, "chitchat", f"Hello. {ABOUT} What would you like to know?")
_THANKS = Reply(
    Outcome.DECLINED, "chitchat", "You are welcome. Ask me anything else about the West Midlands AI sector."
)
_ABOUT = Reply(Outcome.DECLINED, "chitchat", ABOUT)
_NONSENSE = Reply(
    Outcome.DECLINED, "nonsense", "I could not make out a question in that. Could you put it in other words?"
)
_ADVICE = Reply(
    Outcome.OUT_OF_SCOPE,
    "personal_advice",
    "That needs advice for your own case, which I cannot give. For health ring NHS 111, or 999 in an emergency; "
    "for law, tax or investment please ask a qualified adviser.",
)
_OTHER_TOPIC = Reply(Outcome.OUT_OF_SCOPE, "other_topic", f"That is outside what I cover. {ABOUT}")
_OUT_OF_AREA = Reply(
    Outcome.OUT_OF_SCOPE, "out_of_area", "My sources are about the West Midlands, and none of them answers this."
)
BY_INTENT = {
    Intent.CHITCHAT: _ABOUT,
    Intent.INJECTION: _INJECTION,
    Intent.PRIVACY: _PERSONAL,
    Intent.PERSONAL_ADVICE: _ADVICE,
    Intent.OTHER_TOPIC: _OTHER_TOPIC,
    Intent.ELSEWHERE: _OUT_OF_AREA,
    Intent.NONSENSE: _NONSENSE,
}
"""Replies to questions that are not about the sector."""

# The patterns below are matched against folded text (lower case, plain quotes, single spaces).
_DETAILS = re.compile(
    r"\b(?:\d[ -]?){13,19}\b"  # payment card
    r"|\b(?!bg|gb|nk|kn|tn|nt|"
    r"zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b"  # National Insurance
    r"|(?<!\d)(?:\+44 ?|0)7\d{3} ?\d{3} ?\d{3}(?!\d)"  # mobile telephone
    r"|\bmy (?:e-?mail|address|number|phone)\b[^?]*\b[\w.+-]+@[\w-]+\.\w+"
    r"|\bmy (?:card|ni|national insurance|passport|account) number\b|\bsort code\b.*\d"
)
_OTHERS_DETAILS = re.compile(
    r"\bhome address\b|\b(?:personal|private|home) (?:phone|mobile|telephone|e-?mail|number)\b|\bwhere does .+ live\b|"
    r"\b(?:date of birth|salary|religion|medical records?) of [a-z]+ [a-z]+\b"
)
_RULES = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines|sources|"
    r"above)\b|"
    r"\b(?:system|hidden|initial|developer) (?:prompt|message|instructions?|text)\b|\byou are now\b|"
    r"\bfrom now on,? you\b|"
    r"\bpretend (?:to be|you are|that you)\b|\bact as (?:if|an?|the)\b|\bno rules\b|\bunrestricted\b|\bjail ?break\b|"
    r"\bwithout (?:using )?(?:any )?(?:sources|citations|restrictions)\b|\bdeveloper mode\b|\bdo anything now\b|"
    r"\brepeat (?:the|your) .{0,30}(?:word for word|verbatim)\b|\bprint your (?:prompt|rules|instructions)\b|"
    r"<\|?(?:system|im_start|assistant)"
)
_HELLO = re.compile(
    r"(?:(?:hi|hiya|hello|hey|hallo|howdy|yo|good (?:morning|afternoon|evening|day)|how are you|whats up|what's up|"
    r"how's it going|there|all|alright|test|testing)[ ,.!?]*)+"
)
_BYE = re.compile(
    r"(?:(?:thanks?|thank you|thnks|thx|cheers|ta|great|grate|perfect|ok|okay|bye|goodbye|see you|very much|so much|"
    r"lovely|"
    r"thats|that's|that is|nice|good|brilliant|a lot|all|for your help|for the help|helpful|much appreciated)[ ,.!]*)+"
)
_WHAT_ARE_YOU = re.compile(
    r"(?:so |and |ok )?(?:what|which things|how) (?:can|do|could) (?:you|u)(?: actually)? (?:do|help(?: me)? with|"
    r"answer|know|cover|work)"
    r"(?: about| for me)?[ ?.!]*|(?:who|what) are (?:you|u)[ ?.!]*|help[ ?.!]*|are you (?:a )?(?:bot|human|robot|"
    r"real|an ai)[ ?.!]*|"
    r"what is this(?: site| page| guide)?[ ?.!]*|who (?:made|built) you[ ?.!]*"
)
_PERSONAL_ADVICE = re.compile(
    r"\b(?:i have|i've had|i've got|my (?:\w+ )?(?:knee|chest|head|back|son|daughter|child|stomach|"
    r"throat)\b).*\b(?:pain|swollen|"
    r"fever|rash|ache|hurts?|sick|ill)\b|\bwhat (?:should|can) i take\b|\bwhat (?:medicine|tablets?|dose|pills?)\b|"
    r"\bshould i (?:sue|invest|buy|sell|put my (?:money|savings))\b|\b(?:my|his|her|our) (?:savings|pension|divorce|"
    r"landlord|"
    r"own tax bill|tax bill|tax return)\b|\bsue my\b|\bunfair dismissal\b|\badvise (?:me )?(?:whether|if|on)\b|"
    r"\bam i (?:liable|entitled|owed)\b|\bbest investment\b|\bdose of\b"
)
_ELSEWHERE_TOPIC = re.compile(
    r"\bweather\b|\bwill it (?:rain|snow)\b|\brecipes?\b|\bhow (?:do|can) i cook\b|\bhoroscope\b|"
    r"\bfootball (?:score|result)s?\b|"
    r"\bwho won the (?:match|game|league|cup)\b|\bwrite (?:me )?(?:a|an|some) (?:\w+ ){0,3}(?:function|code|poem|"
    r"story|song|essay|"
    r"script|program|letter|joke)\b|\b(?:fix|debug) my\b|\bkeyerror\b|\btell me a joke\b|\btranslate\b|\blottery\b|"
    r"\bwhat(?: is|\'s) the capital (?:city )?of\b|\bmeaning of life\b|\bbus times?\b|\btrain times?\b"
)

_FIXED: tuple[tuple[re.Pattern[str], bool, Reply], ...] = (
    (_DETAILS, False, PRIVATE),
    (_OTHERS_DETAILS, False, _PERSONAL),
    (_RULES, False, _INJECTION),
    (_HELLO, True, _GREETING),
    (_BYE, True, _THANKS),
    (_WHAT_ARE_YOU, True, _ABOUT),
    (_PERSONAL_ADVICE, False, _ADVICE),
    (_ELSEWHERE_TOPIC, False, _OTHER_TOPIC),
)
"""Pattern, whether it must match the whole question, and the reply; the first that fits is given."""


def fixed_reply(text: str) -> Reply | None:
    """The reply to a question that needs no search; None where the sources should be asked."""
    plain = fold(text)
    for pattern, whole, reply in _FIXED:
        if pattern.fullmatch(plain) if whole else pattern.search(plain):
            return reply
    return None


def nonsense_reply(text: str, question: Question) -> Reply | None:
    """The reply to a question of which the sources know no word, or that has none; None for all others."""
    letters = [term for term in question.terms if any(character.isalpha() for character in term.word)]
    if not letters or not any(term.known for term in letters):
        return _NONSENSE
    unknown = sum(not term.known for term in letters)
    latin = all(character.isascii() for term in letters for character in term.word)
    return _NONSENSE if latin and unknown >= 3 and unknown / len(letters) >= 0.6 else None


def elsewhere_reply(places: frozenset[str]) -> Reply | None:
    """The reply to a question about `places`, folded names of places that the guide does not cover; None for none."""
    if not places:
        return None
    name = max(sorted(places), key=len).title()
    text = f"My sources are about the West Midlands, and none of them answers this for {name}."
    return Reply(Outcome.OUT_OF_SCOPE, "out_of_area", text)
