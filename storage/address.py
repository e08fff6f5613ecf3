"""The database's address as PostgreSQL's own clients write it, which may name several hosts: `postgresql://a:5432,b:5433/name`."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

from sqlalchemy import URL, make_url


def read(url: str) -> URL:
    """
    The address for SQLAlchemy, which knows several hosts only behind the question mark.

    >>> read("postgresql://iblagh@a:5432,b:5433/iblagh").query["host"]
    ('a:5432', 'b:5433')
    """
    parts = urlsplit(url)
    who, at, hosts = parts.netloc.rpartition("@")
    if "," in hosts:
        named = [f"host={quote(host, safe='')}" for host in hosts.split(",")]
        parts = parts._replace(netloc=who + at, query="&".join([*filter(None, [parts.query]), *named]))
        url = urlunsplit(parts) if parts.netloc else f"{parts.scheme}://{parts.path}?{parts.query}"
    return make_url(url).set(drivername="postgresql+psycopg")


def plain(url: str) -> str:
    """
    The same address for libpq, which knows no `+psycopg`.

    >>> plain("postgresql+psycopg://iblagh@a:5432,b/iblagh")
    'postgresql://iblagh@/iblagh?host=a%2Cb&port=5432%2C'
    """
    address = read(url).set(drivername="postgresql")
    if isinstance(hosts := address.query.get("host"), tuple):
        pairs = [host.partition(":") for host in hosts]
        both = {"host": ",".join(name for name, _, _ in pairs), "port": ",".join(port for _, _, port in pairs)}
        address = address.update_query_dict(both)
    return address.render_as_string(hide_password=False)
