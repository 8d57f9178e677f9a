import pytest

from ingest.readers import RefusedSource, extract


def test_a_document_goes_in_and_its_article_comes_out() -> None:
    kept = "The Falcon fund backs robots in Dudley.\n\nApplications close on 31 March 2031."
    page = f"Sign up to our newsletter.\n\n{kept}"
    found = extract(page.encode(), name="falcon.txt", content_type="text/plain", url="https://example.org/falcon")
    assert found.text == kept
    assert (found.format, found.url, found.valid_until) == ("text", "https://example.org/falcon", "2031-03-31")


def test_what_is_no_document_is_refused_with_a_reason() -> None:
    with pytest.raises(RefusedSource, match="picture") as raised:
        extract(b"\x89PNG\r\n\x1a\n" + bytes(100), name="chart.png", content_type="image/png", url=None)
    assert raised.value.remedy
