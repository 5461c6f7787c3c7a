"""Becoming a kiosk of a platform: one code, typed by an installer, that carries the platform's own fingerprint."""

from pathlib import Path

from offline_queue import protocol, sealing
from offline_queue.client import NewCatalogue, PlatformClient, Refused, Sent, Unreachable, platform_url
from offline_queue.identity import Identity, LeasedBlock
from offline_queue.protocol import Chain, Enrolment, EnrolmentRequest, Type
from offline_queue.sealing import KeyPair, from_base64
from offline_queue.store import Store
from petition.errors import Fault, FaultCode


def enrol(
    store: Store,
    url: str,
    code: str,
    *,
    software: str = "petition-kiosk",
    ca_bundle: Path | None = None,
    proxy: str = "",
) -> Identity:
    """Enrol the machine of a store with the platform at an address, and return who it is from now on.

    Nothing is stored before the root key the platform shows has the fingerprint in the code. A kiosk that was enrolled
    before keeps its queue and its receipts. Raises Fault(BAD_INPUT: not a code; BAD_CONFIGURATION: not an address;
    PLATFORM_UNREACHABLE; PLATFORM_REFUSED: the code is unknown, used or too old; PLATFORM_NOT_OURS: somebody else
    answered).
    """
    one_time_code, fingerprint = protocol.split_enrolment_code(code)
    address = platform_url(url)
    key = sealing.signing_key(store.enrolling_key())
    request = EnrolmentRequest(code=one_time_code, public_key=sealing.to_base64(key.public), software=software)
    with PlatformClient(address, software=software, ca_bundle=ca_bundle, proxy=proxy) as client:
        answer = client.enrol(protocol.sign(key, Type.ENROLMENT_REQUEST, request))
    match answer:
        case Unreachable():
            raise Fault(FaultCode.PLATFORM_UNREACHABLE, f"no platform answered there ({answer.reason})")
        case Refused():
            raise Fault(FaultCode.PLATFORM_REFUSED, f"the platform refused the code ({answer.code.value})")
        case Sent():
            enrolment, keys = verified(answer.value, key, fingerprint)
    become = Identity(
        url=address,
        kiosk_id=enrolment.kiosk_id,
        kiosk_name=enrolment.kiosk_name,
        signing_key=key,
        token=enrolment.token,
        root_public_key=from_base64(enrolment.root_public_key),
        receipt_host=enrolment.receipt_host,
        blocks=tuple(LeasedBlock(block=block.block, key=from_base64(block.key)) for block in enrolment.blocks),
        keys=keys,
    )
    store.become(become)
    store.confirm_clock(enrolment.time)
    with PlatformClient(address, token=become.token, software=software, ca_bundle=ca_bundle, proxy=proxy) as client:
        _first_catalogue(store, client)
    return become


def verified(chain: Chain, key: KeyPair, fingerprint: str) -> tuple[Enrolment, protocol.Keys]:
    """Return an enrolment and the platform's keys, proved to come from the root key with this fingerprint.

    Raises Fault(PLATFORM_NOT_OURS) for everything else.
    """
    not_ours = Fault(FaultCode.PLATFORM_NOT_OURS, "what answered there is not the platform the code belongs to")
    try:
        claimed = protocol.read(Enrolment, chain.message.body)
        root = from_base64(claimed.root_public_key)
        if not sealing.is_fingerprint_of(fingerprint, root):
            raise not_ours
        opened = protocol.open_chain(chain, root, Type.ENROLMENT)
        enrolment = protocol.read(Enrolment, opened.body)
        right_key = from_base64(enrolment.kiosk_public_key) == key.public
        whole_blocks = all(len(from_base64(block.key)) >= 16 for block in enrolment.blocks)
    except Fault as fault:
        if fault.code is FaultCode.SUITE_UNKNOWN:
            raise
        raise not_ours from None
    if not (right_key and whole_blocks):
        raise not_ours
    return enrolment, opened.keys


def _first_catalogue(store: Store, client: PlatformClient) -> None:
    """Fetch the catalogue at once where it works; the sync fetches it otherwise."""
    answer = client.catalogue()
    match answer:
        case Sent(value=NewCatalogue() as found):
            store.accept_catalogue(found.chain, found.etag)
        case _:
            pass
