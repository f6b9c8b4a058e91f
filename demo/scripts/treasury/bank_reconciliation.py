"""
Match the bank statement with the ledger.

Steps:
    1. read the statement of the bank and the extract of the ledger
    2. match them by reference, then by amount
    3. save what does not match as an Excel workbook

Requirements:
    pip install pandas openpyxl
"""

import configparser
from pathlib import Path

import pandas as pd

# ---------------------------------------------------------------------------
# Configuration
# ---------------------------------------------------------------------------
settings = configparser.ConfigParser(interpolation=None)
settings.read(Path(__file__).with_name("settings.ini"), encoding="utf-8")

STATEMENT = Path(settings.get("input", "statement"))
LEDGER = STATEMENT.with_name("ledger.csv")
OUTPUT_FOLDER = Path(settings.get("output", "folder"))


def load(path):
    """Load a file with semicolons and make references comparable."""
    frame = pd.read_csv(path, sep=";", parse_dates=["booked"])
    frame["reference"] = frame["reference"].str.strip().str.upper()
    return frame


def reconcile(statement, ledger):
    """Return what is missing on one side and what differs in its amount."""
    merged = statement.merge(ledger, on="reference", how="outer", suffixes=("_bank", "_ledger"), indicator=True)
    missing = merged[merged["_merge"] != "both"]
    both = merged[merged["_merge"] == "both"]
    differing = both[(both["amount_bank"] - both["amount_ledger"]).abs() >= 0.005]
    return missing.drop(columns="_merge"), differing.drop(columns="_merge")


def main():
    statement, ledger = load(STATEMENT), load(LEDGER)
    missing, differing = reconcile(statement, ledger)
    OUTPUT_FOLDER.mkdir(parents=True, exist_ok=True)
    with pd.ExcelWriter(OUTPUT_FOLDER / "open_items.xlsx") as workbook:
        missing.to_excel(workbook, sheet_name="missing", index=False)
        differing.to_excel(workbook, sheet_name="differing", index=False)
    print(f"{len(statement)} payments: {len(missing)} missing, {len(differing)} with another amount")


if __name__ == "__main__":
    main()
