"""`python -m service.cli` is `minyi`."""

from service.cli import main

if __name__ == "__main__":
    main(prog_name="minyi")
