"""`python -m optimizer.cli`."""

from optimizer.cli import main

if __name__ == "__main__":
    main(prog_name="fenpei")
