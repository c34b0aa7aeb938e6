"""Self-signed certificates (X.509, P-256) for a private network."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gridward.logbook.actions.keys import write_private


def write_self_signed(hosts: Sequence[str], folder: Path, *, days: int, now: datetime) -> dict[str, str]:
    """Write tls.crt and tls.key (0600) into `folder`; returns their paths, the SHA-256 fingerprint and the end."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    end = now + timedelta(days=days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder / "tls.key", private.decode())
    write_private(folder / "tls.crt", certificate.public_bytes(serialization.Encoding.PEM).decode())
    return {
        "cert": str(folder / "tls.crt"),
        "key": str(folder / "tls.key"),
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        "valid_to": end.date().isoformat(),
    }


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
