"""`python -m kiosk …` is the command `kiosk …`."""

import sys

from kiosk.scrubbing import overwrite_freed_memory


def main() -> int:
    """Run the command; what takes long to load is loaded behind the picture of the welcome screen."""
    picture = None
    if sys.argv[1:2] == ["run"]:
        overwrite_freed_memory()
        if "--windowed" not in sys.argv:
            from kiosk.launch_picture import show_picture

            picture = show_picture()
    from kiosk import cli

    code = cli.main()
    del picture  # held until here, because a window nobody holds is gone at once
    return code


if __name__ == "__main__":
    sys.exit(main())
