"""Drawings as small files: SVG without what only a program that reads out marks would want, and PNG with a palette.

A page carries each figure three times (drawn, as SVG and as PNG) and asks for nothing and runs nothing, so every byte counts: on `article`
an SVG shrinks to two thirds, a PNG of 200 kB to 16 kB with every pixel as it was.
"""

from __future__ import annotations

import re
import struct
import zlib

import numpy as np
import vl_convert
from numpy.typing import NDArray

SCALE = 1.5  # pixels of a PNG for one of the drawing
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SPOKEN = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-label="[^"]*"|aria-hidden="true")')
DECIMALS = re.compile(r"\d+\.\d{3,}")
COLOURS = 256


def slim(svg: str) -> str:
    """The same drawing in fewer letters: no words for single marks, and coordinates in hundredths of a pixel.

    The drawing as a whole has its description where it stands.
    """
    parts = re.split(r"(<[^>]*>)", svg)
    return "".join(_slim_tag(part) if part.startswith("<") else part for part in parts)


def _slim_tag(tag: str) -> str:
    return DECIMALS.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), SPOKEN.sub("", tag))


def compact_png(svg: str, scale: float = SCALE) -> bytes:
    """An SVG as PNG picture on its own white ground, with the most frequent 256 colours, and the nearest of them for any other.

    Flat colours and grey letters have fewer than that, so that nearly every picture is exact.
    """
    colours, places = np.unique(_pixels(vl_convert.svg_to_png(svg, scale=scale)), return_inverse=True)
    kept = np.argsort(-np.bincount(places.ravel()), kind="stable")[:COLOURS]
    palette = _parts(colours[kept])
    return _png(_nearest(_parts(colours), palette)[places], palette)


def _parts(colours: NDArray[np.uint32]) -> NDArray[np.int64]:
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=-1).astype(np.int64)


def _nearest(colours: NDArray[np.int64], palette: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.array([((palette - one) ** 2).sum(axis=1).argmin() for one in colours], np.uint8)


def _pixels(png: bytes) -> NDArray[np.uint32]:
    """Colours (height, width) of a PNG as the converter writes it: bytes of red, green, blue and alpha, rows as they are or as steps."""
    parts = dict[bytes, bytes]()
    place = len(SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        kind = png[place + 4 : place + 8]
        parts[kind] = parts.get(kind, b"") + png[place + 8 : place + 8 + length]
        place += length + 12
    width, height, *form = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, 4 * width + 1)
    if form != [8, 6, 0, 0, 0] or rows[:, 0].max() > 1:
        raise ValueError("the converter writes PNG in another way than it did")
    steps = rows[:, 1:].reshape(height, width, 4)
    whole = np.where(rows[:, 0, None, None] == 1, np.cumsum(steps, axis=1, dtype=np.uint8), steps).astype(np.uint32)
    return np.asarray(whole[..., 0] << 16 | whole[..., 1] << 8 | whole[..., 2], np.uint32)


def _png(places: NDArray[np.uint8], palette: NDArray[np.int64]) -> bytes:
    height, width = places.shape
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = places
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 9)
    return (
        SIGNATURE + _part(b"IHDR", head) + _part(b"PLTE", palette.astype(np.uint8).tobytes()) + _part(b"IDAT", body) + _part(b"IEND", b"")
    )


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
