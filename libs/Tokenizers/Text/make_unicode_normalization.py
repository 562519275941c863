#!/usr/bin/env python3
"""Writes unicode-normalization.txt (beside this script): the data behind NFC, NFD, NFKC and NFKD, from Python's unicodedata.

The hosts run with invariant globalization, where string.Normalize does nothing, and an ICU library need not be there.
Lines: CP=CPS canonical decomposition, one step; CP!CPS the same, never composed again; CP~CPS compatibility decomposition, one
step; FIRST-LAST:N canonical combining class N. Hangul syllables are computed, so they are left out.
"""
import pathlib
import sys
import unicodedata

lines = [f"# Unicode {unicodedata.unidata_version}; made by make_unicode_normalization.py"]
start = None
for cp in range(sys.maxunicode + 2):
    ccc = unicodedata.combining(chr(cp)) if cp <= sys.maxunicode else 0
    if start is not None and ccc != start[1]:
        lines.append(f"{start[0]:X}-{cp - 1:X}:{start[1]}")
        start = None
    if ccc and start is None:
        start = (cp, ccc)
for cp in range(sys.maxunicode + 1):
    text = unicodedata.decomposition(chr(cp))
    if not text:
        continue
    parts = text.split()
    if parts[0].startswith("<"):
        lines.append(f"{cp:X}~{' '.join(part.lstrip('0') for part in parts[1:])}")
        continue
    composed = unicodedata.normalize("NFC", "".join(chr(int(part, 16)) for part in parts))
    sign = "=" if composed == chr(cp) else "!"
    lines.append(f"{cp:X}{sign}{' '.join(part.lstrip('0') for part in parts)}")
pathlib.Path(__file__).with_name("unicode-normalization.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
