"""How pages nag: the wording of log-in walls, newsletter calls, cookie notices, share bars and lists of other articles.

Patterns are matched against folded text: lower case, straight quotes, single spaces, no dots or arrows at the ends.
"""

import re

from ingest.word_list import words


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


WHOLE_LINE = _any(
    # accounts
    r"(?:register|sign[ -]?up|join|subscribe|log[ -]?in|sign[ -]?in)(?: (?:now|today|here|free|for free|to (?:read"
    r"|continue)"
    r"|or (?:register|log[ -]?in|sign[ -]?in|sign[ -]?up|subscribe)))*",
    r"(?:log|sign) ?out|my account|create (?:a |an |your )?(?:free )?account|forgot(?:ten)? (?:your )?password\??"
    r"|remember me|username|password|manage (?:my )?(?:account|subscription)|become a member|already (?:a )?"
    r"(?:subscriber|member|registered)\??(?: (?:log|sign) in(?: here)?)?|not a (?:subscriber|member)\??.{0,30}",
    # newsletters
    r"(?:your |enter (?:your )?)?e-?mail(?: address)?\*?|first name\*?|last name\*?|newsletters?|subscribe"
    r"|(?:our |the )?(?:daily|weekly|free)? ?newsletter|submit|no,? thanks|maybe later|close(?: (?:this"
    r"|the) (?:window|banner))?",
    # consent dialogues
    r"(?:accept|reject|allow|deny|decline|refuse|agree to|save|manage|confirm)(?: (?:all|my|selected|selection|the"
    r"|only"
    r"|necessary|essential|non-essential|additional|optional|your|and|close|continue|cookies?|choices?|preferences?"
    r"|settings?|options?|consent|selections?))*",
    r"(?:cookie|privacy|consent)s?(?: (?:settings?|preferences?|policy|notice|banner|declaration|list|options?"
    r"|details|centre"
    r"|center|statement|consent|tool|manager|information|choices))*",
    r"(?:strictly |always )?(?:necessary|active|essential|functional|functionality|performance|analytics?|statistics?"
    r"|marketing|advertising|targeting|preference|unclassified"
    r"|social media)(?: (?:and \w+ )?cookies?)?(?: always active)?",
    r"legitimate interests?|vendors?(?: list)?|(?:our )?partners|purposes?|consent|show (?:details|purposes|vendors)"
    r"|more (?:options|information|info)|learn more|find out more|your (?:privacy|consent|choices)(?: .{0,30})?"
    r"|i (?:agree|accept)"
    r"|got it!?|ok(?:ay)?|do not sell .{0,40}|powered by (?:cookiebot|onetrust|usercentrics|didomi|quantcast).{0,30}"
    r"|\[#iabv2.{0,40}|maximum storage duration: .{0,40}|type: (?:http cookie|html local storage"
    r"|pixel tracker).{0,20}",
    # sharing
    r"(?:share|tweet|post|save|print|email|e-mail|copy|pin|follow|like|like us|follow us|share this|whatsapp"
    r"|facebook|twitter|x"
    r"|linkedin|reddit|pinterest|telegram|messenger|instagram|youtube|tiktok|threads|bluesky|mastodon|flipboard"
    r"|pocket|rss"
    r"|copy link|copied!?|link copied!?|gift(?: this article)?|bookmark|save for later)"
    r"(?:[ ,|/·•]*(?:on|via|to|by|with|this|it|us|link|article|story|page|post|now|and|or|share|tweet|print|email"
    r"|e-mail|facebook"
    r"|twitter|x|linkedin|whatsapp|reddit|pinterest|telegram|messenger|instagram|youtube|threads|bluesky|copy))*",
    r"(?:\d+ )?(?:shares?|comments?|likes?|views?|retweets?)(?: \d+)?|(?:leave|post|add|write) a (?:comment|reply)"
    r"|(?:show"
    r"|view|read|hide)"
    r" (?:all )?(?:\d+ )?comments|comments are closed|join the (?:conversation|discussion|debate)|have your say",
    # furniture
    r"skip to (?:main )?(?:content|navigation)|(?:main )?(?:menu|navigation)|toggle (?:navigation|menu|search)"
    r"|open menu"
    r"|close menu|search|listen|customi[sz]e|only (?:necessary|essential)|back to (?:the )?top|(?:previous"
    r"|next) (?:article|post|story|page)|advertisement|advert"
    r"|sponsored"
    r"(?: content)?|promoted(?: content)?|loading|home|print this (?:page|article)|\d{1,2} min(?:ute)?s? read"
    r"|listen to this article"
    r"|view (?:all|more)|see (?:all|more)|show more|load more|(?:story|article) continues below(?: advertisement)?"
    r"|scroll (?:down|to continue)|terms (?:and|&) conditions|terms of (?:use|service)|privacy|accessibility"
    r"|site ?map|contact us"
    r"|about us|report (?:this )?(?:ad|an error)|add as preferred source.{0,20}|google news",
)
"""A line that is nothing but the label of a button, a field or a link of the site."""

SENTENCE = _any(
    # accounts and paywalls
    r"^create (?:a|an|your) (?:free )?account\b.{0,40}\bto (?:read|continue|carry on|see|save|comment)\b",
    r"^subscribe\b.{0,20}\b(?:unlimited|full) access\b|^subscribe (?:now|today)\b.{0,30}$"
    r"|^your (?:free )?trial has ended",
    r"^please (?:log|sign) in (?:or|to)\b|^it only takes a (?:minute|moment)\b|^(?:get|download) (?:our"
    r"|the) (?:free )?app\b",
    r"^something went wrong\b.{0,40}\btry again\b|^invalid (?:e-?mail|password)\b|^(?:enable"
    r"|turn on) notifications\b",
    r"^already (?:have|got|registered|subscribed|a (?:subscriber|member))\b.{0,60}\b(?:log|sign)(?:ged)?[ -]?in\b",
    r"^(?:already|do you) have an account\b|^(?:don'?t|do not) have an account\b|^(?:new here|not registered)\b",
    r"^(?:please )?(?:register|sign up|subscribe|log in|sign in|join)\b.{0,60}\bto (?:continue|keep|carry on|read"
    r"|access|view|unlock"
    r"|enjoy|get (?:unlimited|full|access)|see|comment|save|receive)\b",
    r"^to (?:continue|keep|carry on|read|access|view|unlock)\b.{0,60}\b(?:register|sign up|subscribe|log in|sign in"
    r"|create (?:a|an|your))\b",
    r"^(?:register|sign up|subscribe)\b.{0,20}\bfor free\b|^it'?s free(?: and| to| \W|$)|^registration is (?:free"
    r"|quick)\b",
    r"\byou(?:'ve| have)\b.{0,30}\b(?:free|complimentary)\b.{0,20}\b(?:articles?|stories|views?)\b",
    r"\bthis (?:article|content|story|page) is (?:only )?(?:for|available to|reserved for|exclusive to)\b.{0,40}"
    r"\b(?:subscribers?|members?|registered)\b",
    r"\b(?:unlock|get|enjoy|have) (?:unlimited|full|instant|exclusive|complete) (?:access|content)\b",
    r"^(?:want|wish) to (?:read|see|know) more\?|^support (?:our|independent|local|quality) journalism\b",
    # newsletters
    r"\b(?:sign up|subscribe|register|join)\b.{0,60}\b(?:newsletters?|bulletins?|mailing list|e-?mails?|updates"
    r"|alerts|briefings?)"
    r"(?:\b.{0,80})?$(?<!\bconference)",
    r"\b(?:straight|direct|directly|delivered) (?:in)?to your (?:inbox|e-?mail)\b|\bin your inbox\b",
    r"^(?:get|receive|want|never miss|don'?t miss)\b.{0,80}\b(?:newsletters?|inbox|latest news|our (?:daily|weekly"
    r"|best|top|latest)"
    r"|stor(?:y|ies)|headlines|e-?mails?)\b",
    r"\b(?:you can |to )?unsubscribe (?:at any time|anytime|whenever|from)\b|\bthank(?:s| you) for (?:subscribing"
    r"|signing up)\b",
    r"\bby (?:signing up|subscribing|registering|clicking|continuing|entering|submitting|using this"
    r"|ticking)\b.{0,80}\byou\b"
    r".{0,40}\b(?:agree|accept|consent|confirm|acknowledge)\b",
    r"^(?:please )?(?:enter|type|provide|confirm) (?:a |your )(?:valid )?e-?mail\b|^join (?:more than |over "
    r"|our )?[\d,]+"
    r".{0,30}\b(?:subscribers?|readers?|members?)\b|^we (?:won't|will never|never|do not|don't) (?:spam"
    r"|share your)\b",
    r"\b(?:subscribing|signing up) to our\b|^newsletter sign[ -]?up\b|^subscribe to our\b|^join thousands of\b",
    # cookies and consent
    r"\bnecessary cookies (?:enable|help|are|allow)\b|\b(?:our|the) cookie (?:policy|notice)\b.{0,40}$",
    r"\b(?:changing|change|adjusting|through|in) your browser(?:'s)? settings\b"
    r"|\bcookies\b.{0,40}\bdevice information\b",
    r"^(?:not )?consent(?:ing)? (?:to these technologies|or withdrawing consent)\b",
    r"\b(?:we|this (?:web)?site|our (?:web)?site|our partners)\b.{0,60}\b(?:uses?|store|place|set"
    r"|sets)\b.{0,25}\bcookies\b",
    r"\bcookies\b.{0,80}\b(?:allow us|help us|enable us|let us|on your (?:device|browser|computer)"
    r"|this (?:web)?site|our (?:web)?site"
    r"|we use|your (?:experience|preferences|consent|browser))\b",
    r"\b(?:accept|reject|manage|change|adjust|disable|block|delete|withdraw)\b.{0,60}\b(?:cookies|cookie settings"
    r"|your consent"
    r"|cookie preferences|your preferences)\b",
    r"^(?:we value|we care about|we respect|your) your privacy\b|^your privacy (?:is|matters)\b"
    r"|\bprivacy preference cent(?:re|er)\b",
    r"\bwe and our (?:\d+ )?(?:partners|vendors)\b|\b(?:store|access) (?:and/or |or |and )?(?:access "
    r"|store )?information on (?:a|your)"
    r" device\b|\bpersonali[sz]ed (?:ads|advertising|content)\b.{0,80}\bmeasurement\b",
    r"\b(?:read|see|view) our (?:full )?(?:privacy|cookie)s? (?:policy|notice|statement)\b",
    r"\bthese cookies (?:are|do|allow|help|enable|may|collect|let)\b",
    # sharing, comments, browsers
    r"^click to (?:share|email|print)\b|^your e-?mail address will not be published\b|\brequired fields are marked\b",
    r"^like this (?:story|article)\b|^read more (?:articles|stories) like this\b",
    r"^share this (?:article|story|page|post)\b|^follow (?:us|@?\w+) on\b|^like us on\b|^join us on\b",
    r"^(?:please )?(?:enable|turn on) (?:javascript|cookies)\b|\bjavascript (?:is|must be|to be) (?:disabled"
    r"|enabled|required)\b"
    r"|^your browser (?:is|does)\b.{0,60}\b(?:support|supported|out of date)\b|\bad ?blocker\b.{0,40}\b(?:off"
    r"|disable|detected)\b",
    r"^(?:©|\(c\)|copyright)\W.{0,80}(?:\d{4}|rights)|^all rights reserved\b",
)
"""A sentence in which a site speaks to its reader about the site itself."""

LIST_HEAD = _any(
    r"(?:read|see|find out|discover|learn) (?:more|also|next)(?: (?:like this|stories|articles|about .{1,40}"
    r"|on .{1,40}))?:?",
    r"(?:related|similar|recommended|suggested|popular|trending|featured|other|further|recent|latest) (?:articles?"
    r"|stories|story|news"
    r"|posts?|content|reading|topics?|coverage|links|items|reads?|headlines)(?: .{1,20})?:?",
    r"(?:you (?:may|might)(?: also)? (?:like|be interested in|enjoy)|more (?:from|in|on|like|about|news|stories"
    r"|articles)(?: .{1,40})?"
    r"|most (?:read|popular|viewed|shared|commented)(?: .{1,20})?|trending(?: now)?|what to read next|up next"
    r"|in case you missed it"
    r"|editor'?s?'? (?:picks?|choice)|top stories|don'?t miss|recommended(?: for you)?|must reads?"
    r"|elsewhere on .{1,30}|also read"
    r"|keep reading|explore more|more to explore|around the web|from around the web|sponsored stories"
    r"|promoted stories):?",
)
"""The head of a list of other articles."""

TEASER = re.compile(
    r"^(?:read more|read also|also read|read next|see also|more on this(?: story)?|related|watch|listen)(?: *[:"
    r"|»>→–-]+) *\S"
)
"""One line that leads to another article: "Read more: …"."""

PATH = re.compile(r"(?:you are here:? *)?home *[>»›/|].{0,150}|[^.!?>»›]{1,40}(?: *[>»›] *[^.!?>»›]{1,60}){2,6}")
"""Where a page stands in its site: "Home > Business > Manufacturing"."""

MENU = re.compile(
    r"(?=.*\b(?:home|news|contact|about|log ?in|search|menu|sport|privacy|terms|cookies)\b)[^.!?;\d]{2,30}"
    r"(?: *[|·•/] *[^.!?;\d|·•/]{2,30}){2,15}"
)
"""Links of the site on one line, parted by bars or dots."""

WEAK = words(
    "access accessing account accounts ad ads advert advertisers advertising analytics app articles browser"
    " browsing choices click consent content cookie cookies data device devices download email emails exclusive"
    " experience features free functionality identifiers inbox insights interest interests join latest legitimate"
    " log login marketing measurement member members membership news newsletter newsletters offers online opt"
    " partners password personalised personalized policy preferences privacy processing profile profiles providers"
    " purposes receive register registered registration save saved settings share sign site statistics storage"
    " stories subscribe subscriber subscribers subscription terms third-party track tracking unlimited unsubscribe"
    " updates upgrade vendors visit visitors visits website websites"
)
"""Words that nags are made of: beside a nag, a short line with two of them is part of it."""
