"""Writes small PDF files for the tests."""

from __future__ import annotations

import zlib


def pdf_of(*pages: list[str], info: str = "", broken: bool = False, packed: bool = True, locked: bool = False) -> bytes:
    """Write a PDF file of pages of lines, with an information dictionary; `locked` by a password that nobody knows."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    kids = []
    for lines in pages:
        shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T* " for line in lines)
        stream = f"BT /F1 9 Tf 14 TL 40 800 Td {shown}ET".encode("latin-1")
        data = zlib.compress(stream) if packed else stream
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        pack = " /Filter /FlateDecode" if packed else ""
        objects.append(f"<< /Length {len(data)}{pack} >>\nstream\n{data.decode('latin-1')}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    if locked:
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'5a' * 32}> /U <{'a5' * 32}> >>")
    lock = f" /Encrypt {len(objects)} 0 R /ID [<00><00>]" if locked else ""
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R{lock} >>\n"
    return body[:200] if broken else body + f"{end}startxref\n{len(body)}\n%%EOF\n".encode()
