"""A platform's keys and messages, made for tests with the same primitives the gateway uses."""

import base64
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from offline_queue import protocol, sealing
from offline_queue.identity import Identity, LeasedBlock
from offline_queue.protocol import Block, Blocks, Catalogue, Chain, Entry, Key, Keys, KeyUse, Message, Type
from offline_queue.sealing import KeyPair
from offline_queue.tries import Ran

NOON = datetime(2027, 3, 8, 4, 0, tzinfo=UTC)
HOST = "su.example.cn"


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is told."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(slots=True)
class Kernel:
    """What the kernel tells of the machine's start, as a test wants it."""

    boot: str = "first"
    seconds: float = 5000.0

    def __call__(self) -> Ran:
        return Ran(boot=self.boot, seconds=self.seconds)

    def start_again(self, seconds: float = 20.0) -> None:
        self.boot, self.seconds = f"{self.boot} again", seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformKeys:
    """The root key and one key of each use."""

    root: KeyPair = field(default_factory=sealing.new_signing_key)
    publish: KeyPair = field(default_factory=sealing.new_signing_key)
    acknowledge: KeyPair = field(default_factory=sealing.new_signing_key)
    seal: KeyPair = field(default_factory=sealing.new_seal_key)
    version: int = 1

    def keys(self, now: datetime = NOON) -> Keys:
        uses = ((self.seal, KeyUse.SEAL), (self.acknowledge, KeyUse.ACKNOWLEDGE), (self.publish, KeyUse.PUBLISH))
        return Keys(
            version=self.version,
            made_at=now,
            keys=tuple(
                Key(
                    id=pair.id,
                    use=use,
                    public_key=sealing.to_base64(pair.public),
                    not_before=now - timedelta(days=30),
                    not_after=now + timedelta(days=700),
                )
                for pair, use in uses
            ),
        )

    def chain(self, type_: Type, message: Message, now: datetime = NOON) -> Chain:
        return Chain(
            keys=protocol.sign(self.root, Type.KEYS, self.keys(now)),
            message=protocol.sign(self.publish, type_, message),
        )

    def rotated(self) -> "PlatformKeys":
        """A newer list: other keys under the same root."""
        return replace(PlatformKeys(root=self.root), version=self.version + 1)


def an_identity(platform: PlatformKeys, *, blocks: tuple[str, ...] = ("10230", "10231")) -> Identity:
    return Identity(
        url="http://127.0.0.1:9",
        kiosk_id="hefang-1",
        kiosk_name="和芳社区服务中心",
        signing_key=sealing.new_signing_key(),
        token="a-token-for-tests-0123456789",
        root_public_key=platform.root.public,
        receipt_host=HOST,
        blocks=tuple(LeasedBlock(block=block, key=block_key(block)) for block in blocks),
        keys=platform.keys(),
    )


def block_key(block: str) -> bytes:
    return (block.encode() * 7)[:32]


def a_catalogue(version: int = 1, now: datetime = NOON) -> Catalogue:
    return Catalogue(
        version=version,
        made_at=now,
        not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=90),
        categories=(Entry(id="repair", names={"zh_Hans": "房屋维修", "en": "Repairs"}, examples=("灯坏了",)),),
        places=(Entry(id="hefang", names={"zh_Hans": "和芳社区", "en": "Hefang"}),),
        home_place="hefang",
        contact="010-12345",
        notice_version="2027-02",
        notice={"en": "Who gets it", "zh_Hans": "交给谁"},
    )


def some_blocks(kiosk_id: str, request_id: str, *blocks: str) -> Blocks:
    leased = tuple(Block(block=block, key=base64.b64encode(block_key(block)).decode()) for block in blocks)
    return Blocks(request_id=request_id, kiosk_id=kiosk_id, blocks=leased)
