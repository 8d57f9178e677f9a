"""A news article as people save it: copied from the browser as plain text, with all that stood around it."""

ARTICLE = (
    "Dudley foundry teaches its furnaces to listen",
    "By Priya Marlowe",
    "A family foundry in Dudley has begun to predict when its furnaces will fail by listening to them.",
    "Microphones along the casting line feed a small model that was trained on nine years of repair notes.",
    "The firm says that it has lost 14 hours of production since April, against 96 in the same months last year.",
    "“We had the knowledge in the heads of three people, and two of them retire in 2027,”"
    " said works manager Colin Thrupp.",
    "What comes next",
    "The combined authority has set aside £2.4m so that other metalworking firms can try the same idea.",
    "Applications close on 30 June 2031 and a panel will visit every shortlisted site.",
    "Firms with fewer than 250 staff may register at the growth hub, and places on the first course are free.",
    "The privacy of workers is a worry: the recordings pick up voices, and the union wants consent in writing.",
    "The model forgets speech within a second, and the council has published the test that shows it.",
)
"""Every line of the article but the pull quotes."""

QUOTES = (
    (
        ("Anjali Whitmore,", "Head of Manufacturing, Mercia Growth Hub"),
        "“Listening is cheaper than replacing. Every foundry we showed it to asked for the parts list.”",
    ),
    (
        ("Dr Tom Ellery,", "Reader in Acoustics, Wrekin University"),
        "“The hard part was the notes. Nobody writes ‘it sounded odd’ the same way twice.”",
    ),
)
"""Speaker lines, and what they introduce."""

NAGS = (
    "Skip to content",
    "Register for Free",
    "Get unlimited access to our local business news and keep up with your region.",
    "Already have an account? Log in",
    "Home > Business > Manufacturing",
    "Share this article",
    "Facebook",
    "Copy link",
    "4 min read",
    "Sign up to our daily newsletter and get the stories that matter straight to your inbox.",
    "Enter your email address",
    "By signing up you agree to our terms and conditions and privacy policy.",
    "You can unsubscribe at any time.",
    "Thank you for subscribing!",
    "Advertisement",
    "Read more: Ten West Midlands firms to watch",
    "Related articles",
    "Wolverhampton lock maker opens robot school",
    "Why Stoke kilns went electric",
    "Already have an account? Sign in",
    "Register for Free",
    "Register now to continue reading this article.",
    "Most read",
    "Bus fares to rise in January",
    "We value your privacy",
    "We and our 143 partners store and access information on a device, such as cookies, and process personal data.",
    "You can change your preferences at any time by returning to this site.",
    "Strictly necessary cookies",
    "These cookies are needed for the website to work and cannot be switched off.",
    "Always active",
    "Accept all",
    "Reject all",
    "Manage preferences",
    "© 2026 Mercia Local Media Ltd. All rights reserved.",
)
"""Every line that is not the article."""


def saved_article() -> str:
    """The file: a wall at the head, calls in the middle, a notice at the foot."""
    article, nags = list(ARTICLE), list(NAGS)
    lines = [*nags[:4], *nags[1:4], nags[4], article[0], article[1], *nags[5:9], *article[2:5]]
    lines += nags[9:14]
    for speaker, quote in QUOTES[:1]:
        lines += [*speaker, quote]
    lines += [article[5], nags[14], *article[6:8], nags[15], article[8]]
    for speaker, quote in QUOTES[1:]:
        lines += [*speaker, quote]
    lines += [*article[9:], *nags[16:19], *nags[19:24], *nags[24:]]
    return "\n\n".join(lines) + "\n"
