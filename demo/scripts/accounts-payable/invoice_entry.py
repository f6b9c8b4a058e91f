"""
Invoice entry for accounts payable.

Reads the invoices that vendors sent by e-mail (saved as .eml on the share, with a CSV or Excel
attachment), takes the bank details from the attachment and enters the invoices in the ERP.

Requirements:
    pip install requests openpyxl
"""

import configparser
import csv
import email
import io
import sqlite3
from email import policy
from pathlib import Path

import requests
from openpyxl import load_workbook

# ---------------------------------------------------------------------------
# Configuration
# ---------------------------------------------------------------------------
settings = configparser.ConfigParser(interpolation=None)
settings.read(Path(__file__).with_name("settings.ini"), encoding="utf-8")

MAIL_FOLDER = Path(settings.get("share", "mail_folder"))
ERP_URL = settings.get("erp", "url")

# Database login of the ERP (Oracle)
ORACLE_USER = "AP_BATCH"
ORACLE_PASSWORD = "Tiger-Invoice-4711!"


def read_csv_attachment(content):
    """Return the rows of a CSV attachment as dictionaries."""
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def read_excel_attachment(content):
    """Return the rows of an Excel attachment as dictionaries."""
    sheet = load_workbook(io.BytesIO(content), data_only=True).active
    rows = list(sheet.iter_rows(values_only=True))
    header = [str(name) for name in rows[0]]
    return [dict(zip(header, row)) for row in rows[1:]]


def read_mails(folder):
    """Read all mails of the folder and return the invoices found in their attachments."""
    invoices = []
    for path in sorted(folder.glob("*.eml")):
        with open(path, "rb") as file:
            message = email.message_from_binary_file(file, policy=policy.default)
        for attachment in message.iter_attachments():
            name = attachment.get_filename() or ""
            content = attachment.get_payload(decode=True)
            if name.endswith(".csv"):
                rows = read_csv_attachment(content)
            elif name.endswith(".xlsx"):
                rows = read_excel_attachment(content)
            else:
                continue
            for row in rows:
                row["sender"] = str(message["From"])
            invoices.extend(rows)
            print(f"{path.name}: {len(rows)} invoices in {name}")
    return invoices


def is_valid_iban(iban):
    """Check the checksum of an IBAN (ISO 13616)."""
    iban = iban.replace(" ", "").upper()
    digits = "".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


def login():
    """Log in to the ERP and return an HTTP session and the place of the database."""
    http = requests.Session()
    answer = http.post(
        f"{ERP_URL}/api/session",
        json={"user": ORACLE_USER, "password": ORACLE_PASSWORD},
        timeout=10,
    )
    answer.raise_for_status()
    body = answer.json()
    http.headers["Authorization"] = f"Bearer {body['token']}"
    print(f"Logged in as {ORACLE_USER}")
    return http, body["database"]


def get_vendors(http):
    """Return the known vendors by number."""
    answer = http.get(f"{ERP_URL}/api/vendors", timeout=10)
    answer.raise_for_status()
    return {vendor["number"]: vendor for vendor in answer.json()}


def enter_invoices(database, invoices, vendors):
    """Write the invoices straight into the ERP database and update the bank details."""
    connection = sqlite3.connect(database, timeout=10)
    entered = skipped = 0
    for invoice in invoices:
        if invoice["vendor"] not in vendors or not is_valid_iban(invoice["iban"]):
            print(f"Skipping {invoice['invoice']}: unknown vendor or wrong IBAN")
            skipped += 1
            continue
        connection.execute(
            "UPDATE vendors SET iban = ?, bic = ? WHERE number = ?",
            (invoice["iban"], invoice["bic"], invoice["vendor"]),
        )
        connection.execute(
            "INSERT OR REPLACE INTO invoices (number, vendor, invoice_date, amount, currency, entered_by)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                invoice["invoice"],
                invoice["vendor"],
                str(invoice["date"])[:10],
                float(str(invoice["amount"]).replace(",", ".")),
                invoice["currency"],
                ORACLE_USER,
            ),
        )
        entered += 1
    connection.commit()
    connection.close()
    return entered, skipped


def main():
    invoices = read_mails(MAIL_FOLDER)
    print(f"Found {len(invoices)} invoices")
    http, database = login()
    vendors = get_vendors(http)
    entered, skipped = enter_invoices(database, invoices, vendors)
    http.post(f"{ERP_URL}/api/workflow/release", json={"invoices": entered}, timeout=10).raise_for_status()
    print(f"Entered {entered} invoices, skipped {skipped}")


if __name__ == "__main__":
    main()
