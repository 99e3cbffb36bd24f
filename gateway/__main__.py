"""The `gateway` command, and `python -m gateway`."""

import gc

# Nearly all that is made while importing stays. Only the young are looked through, which finds what little does not:
# looking through everything again and again, as usual, takes a tenth of a start.
WHILE_IMPORTING = (10_000, 1_000, 1_000)


def main() -> None:
    """Imports the program, and runs it."""
    usual = gc.get_threshold()
    gc.set_threshold(*WHILE_IMPORTING)
    from gateway.cli import main as run  # noqa: PLC0415 - not before the line above

    gc.freeze()
    gc.set_threshold(*usual)
    run()


if __name__ == "__main__":
    main()
