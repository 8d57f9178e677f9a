"""XML from outside, parsed with everything off that a document does not need: entities, network, huge trees."""

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from ingest.readers.archive import read_part
from ingest.readers.errors import DamagedSource

if TYPE_CHECKING:
    from lxml.etree import _Element


def zip_part(data: bytes, name: str) -> bytes:
    """One part of a checked archive. Raises DamagedSource, OversizedSource."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return read_part(archive, name)


def parse_xml(data: bytes) -> "_Element":
    """The root of a document; libxml2 itself stops at 256 levels. Raises DamagedSource."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise DamagedSource("A part of the file is not sound XML.", "Save the file again.") from error
    if root is None:
        raise DamagedSource("A part of the file is empty.", "Save the file again.")
    return root
