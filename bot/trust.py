"""
Whom we believe over TLS: one context for every client of the process.

Reading the certificates of all authorities takes 25 ms of CPU, which httpx would spend anew for each client.
"""

from __future__ import annotations

import functools
from ssl import SSLContext

from httpx import create_ssl_context


@functools.cache
def trust() -> SSLContext:
    """As httpx makes it where nothing is said, with what SSL_CERT_FILE and SSL_CERT_DIR name."""
    return create_ssl_context()
