"""A certificate authority made for the run, and a TLS terminator that pipes bytes as they come."""

import asyncio
import datetime
import ipaddress
import pathlib
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Authority:
    """Files: `ca.pem`, and `server.pem` with key and certificate for 127.0.0.1 and localhost."""

    def __init__(self, folder: pathlib.Path, expired: bool = False, name: str = "Test CA"):
        self._days = (-3, -1) if expired else (-1, 2)
        self.ca_file, self.server_file = folder / "ca.pem", folder / "server.pem"
        ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = dict.fromkeys(
            (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        ca = (
            self._builder(issuer, issuer, ca_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True
            )
            .sign(ca_key, hashes.SHA256())
        )
        addresses = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        self._ca_key, self._name = ca_key, issuer
        server = (
            self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), issuer, server_key, self._days)
            .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        self.ca_file.write_bytes(ca.public_bytes(pem))
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.server_file.write_bytes(server_key.private_bytes(pem, *plain) + server.public_bytes(pem))

    def client(self, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
        """Files with a client's certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "steno")])
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        certificate = (
            self._builder(subject, self._name, key)
            .add_extension(usage, critical=False)
            .sign(self._ca_key, hashes.SHA256())
        )
        files = folder / "client.pem", folder / "client.key"
        pem = serialization.Encoding.PEM
        files[0].write_bytes(certificate.public_bytes(pem))
        files[1].write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        return files

    @staticmethod
    def _builder(
        subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: tuple[int, int] = (-1, 2)
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(days=days[0]))
            .not_valid_after(now + datetime.timedelta(days=days[1]))
        )


class Terminator:
    """TLS on a loopback port of its own, plain TCP to `backend`. Every read is written on at once."""

    def __init__(self, authority: Authority, backend: tuple[str, int]):
        self.backend = backend
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(authority.server_file)
        self.loop = asyncio.new_event_loop()
        self.connections = 0
        self.url = ""
        started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(10), "the TLS terminator did not start"

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def _run(self, started: threading.Event) -> None:
        async def listen() -> None:
            server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self.context)
            self.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            started.set()

        self.loop.run_until_complete(listen())
        self.loop.run_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            back_reader, back_writer = await asyncio.open_connection(*self.backend)
        except OSError:
            writer.transport.abort()
            return
        try:
            pipes = [self._pipe(reader, back_writer), self._pipe(back_reader, writer)]
            _, running = await asyncio.wait(map(asyncio.ensure_future, pipes), return_when=asyncio.FIRST_COMPLETED)
            for task in running:
                task.cancel()
        finally:
            for each in (writer, back_writer):
                each.close()

    @staticmethod
    async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
