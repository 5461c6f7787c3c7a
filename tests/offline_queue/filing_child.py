"""A program that files one petition after the other and tells each number once it has its receipt, until it is killed."""

import sys
import uuid
from pathlib import Path

from offline_queue.store import open_store
from petition.model import Draft, TextSource


def main() -> None:
    state, machine = Path(sys.argv[1]), sys.argv[2]
    with open_store(state, machine=lambda: machine) as store:
        while True:
            petition_id = str(uuid.uuid4())
            receipt = store.file(Draft(petition_id=petition_id, text="灯坏了", text_source=TextSource.TYPED))
            sys.stdout.write(f"{receipt.number} {petition_id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
