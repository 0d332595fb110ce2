"""The secret part of each account's webhook address: Avito signs nothing that can be checked, so the address is the secret."""

import base64
import hashlib
import hmac


def key_for(secret: str, account_id: int) -> str:
    """`<account id>.<43 characters>`: 256 bits that nobody without the secret can make."""
    digest = hmac.digest(secret.encode(), f"avito webhook:{account_id}".encode(), hashlib.sha256)
    return f"{account_id}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def account_of(secret: str, key: str) -> int | None:
    """The account that a key was made for, or None if it was not made by us."""
    number, _, _ = key.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    account_id = int(number)
    return (
        account_id
        if hmac.compare_digest(key_for(secret, account_id).encode(), key.encode())
        else None
    )
