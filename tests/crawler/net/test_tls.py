"""TLS: verified where it can be, fetched all the same where it cannot, and told apart."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import struct
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from crawler.net.fetch import Fetcher, FetchFailed, Job
from crawler.net.guard import Guard
from tests.crawler.net.fetching import run
from tests.crawler.net.server import RawServer, listening, serving

OK: dict[str, object] = {
    "/": [b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"],
    "/end": [b"HTTP/1.0 200 OK\r\n\r\nto the end", None],
}
TODAY = datetime.datetime.now(datetime.UTC)


class Authority:
    """Makes certificates; the one it signs with is `ca.pem`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
        self.certificate = self._sign(self.name, self.key.public_key(), ca=True)
        self.path = folder / "ca.pem"
        self.path.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def _sign(
        self, subject: x509.Name, public: Any, *, ca: bool = False, host: str = "localhost", ends: int = 10
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(TODAY - datetime.timedelta(days=100))
            .not_valid_after(TODAY + datetime.timedelta(days=ends))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(self.key, hashes.SHA256())
        )  # fmt: skip

    def server(self, key: Any = None, **options: Any) -> ssl.SSLContext:
        """Context of a server with a certificate for localhost; `host` and `ends` (days from now) make it wrong."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        path = self.folder / f"{id(key)}.pem"
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        path.write_bytes(pem + self._sign(subject, key.public_key(), **options).public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(path)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


def fetched(
    context: ssl.SSLContext | None, path: str = "/", loop: str = "asyncio", times: int = 1, **options: Any
) -> tuple[list[Any], RawServer]:
    """Exchanges of `times` fetches one after another."""
    got: list[Any] = []

    async def test() -> None:
        async with serving(OK, context, host="localhost") as server:
            got.append(server)
            fetcher = Fetcher(Guard(allow_loopback=True), user_agent="t", **({"timeout_s": 20} | options))
            try:
                for _ in range(times):
                    got.append(
                        await fetcher.fetch(
                            Job(
                                url=server.url(path, "localhost", "https"),
                                site="s",
                                kind="article",
                                hosts={"localhost"},
                            )
                        )
                    )
            finally:
                await fetcher.close()

    run(test, loop)
    return got[1:], got[0]


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("path", ["/", "/end"])
def test_a_good_certificate_is_verified(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, path: str, loop: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    (first, second), server = fetched(authority.server(), path, loop, times=2)
    assert (first.tls, first.protocol) == ("verified", "http/1.1, tls/1.3" if path == "/" else "http/1.0, tls/1.3")
    assert first.ip in ("127.0.0.1", "::1")
    assert first.request_head == server.heads[0]
    assert first.response_head + first.body == OK[path][0] == second.response_head + second.body  # type: ignore[index]


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("fault", ["unknown authority", "other host", "expired", "small key"])
def test_a_bad_certificate_is_recorded_as_unverified(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, fault: str, loop: str
) -> None:
    if fault != "unknown authority":
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    context = {
        "unknown authority": lambda: authority.server(),
        "other host": lambda: authority.server(host="www.elsewhere.example"),
        "expired": lambda: authority.server(ends=-1),
        "small key": lambda: authority.server(rsa.generate_private_key(65537, 1024)),
    }[fault]()
    (first, second), server = fetched(context, loop=loop, times=2)
    assert (first.tls, second.tls, first.body) == ("unverified", "unverified", b"body")
    assert len(server.heads) == 2
    with pytest.raises(FetchFailed) as refused:
        fetched(context, loop=loop, tls_fallback=False)
    assert refused.value.kind == "tls"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize(
    ("version", "spelled"), [(ssl.TLSVersion.TLSv1, "tls/1.0"), (ssl.TLSVersion.TLSv1_1, "tls/1.1")]
)
def test_an_old_protocol_is_recorded_as_legacy(authority: Authority, version: ssl.TLSVersion, spelled: str) -> None:
    context = authority.server()
    context.minimum_version = context.maximum_version = version
    (exchange,), _ = fetched(context)
    assert (exchange.tls, exchange.protocol, exchange.body) == ("legacy", f"http/1.1, {spelled}", b"body")


def test_a_server_without_tls_at_all_is_a_failure() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def test() -> None:
        async with listening(plain) as here:
            fetcher = Fetcher(Guard(allow_loopback=True), user_agent="t", timeout_s=20)
            with pytest.raises(FetchFailed) as failed:
                await fetcher.fetch(Job(url=here.replace("http:", "https:"), site="s", kind="article", hosts="*"))
            assert failed.value.kind == "tls"
            await fetcher.close()

    asyncio.run(test())


def test_a_server_that_resets_a_modern_hello_is_tried_once_more(authority: Authority) -> None:
    """Some old servers know no TLS 1.3 and hang up on it instead of answering."""
    hellos = []

    async def grumpy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hellos.append(writer)
        if len(hellos) == 1:
            await reader.read(10)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return
        await writer.start_tls(authority.server())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody")
        await writer.drain()

    async def test() -> None:
        async with listening(grumpy) as here:
            fetcher = Fetcher(Guard(allow_loopback=True), user_agent="t", timeout_s=20)
            exchange = await fetcher.fetch(
                Job(url=here.replace("http:", "https:"), site="s", kind="article", hosts="*")
            )
            assert (exchange.tls, exchange.body, len(hellos)) == ("legacy", b"body", 2)
            await fetcher.close()

    asyncio.run(test())


def test_a_truncated_body_over_tls_keeps_what_came(authority: Authority) -> None:
    short: dict[str, object] = {"/": [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", None]}
    got: list[Any] = []

    async def test() -> None:
        async with serving(short, authority.server(), host="localhost") as server:
            fetcher = Fetcher(Guard(allow_loopback=True), user_agent="t", timeout_s=20)
            got.append(
                await fetcher.fetch(
                    Job(url=server.url("/", "localhost", "https"), site="s", kind="article", hosts={"localhost"})
                )
            )
            await fetcher.close()

    asyncio.run(test())
    assert (got[0].body, got[0].truncated, got[0].tls) == (b"half", "disconnect", "unverified")
