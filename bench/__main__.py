"""`python -m bench` runs every bench; `python -m bench pages` one of them. The figures go to standard output."""

import sys

from bench import caseload, feedback, feedback_pages, ground, imports, isolation, pages, tenants

BENCHES = {
    "isolation": isolation.report,
    "pages": pages.report,
    "caseload": caseload.report,
    "tenants": tenants.report,
    "feedback": feedback.report,
    "feedback_pages": feedback_pages.report,
    "imports": imports.report,
}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHES)
    with ground.servers() as running:
        for name in chosen:
            print(f"\n## {name}\n")
            print("\n".join(BENCHES[name](running)), flush=True)


if __name__ == "__main__":
    main()
