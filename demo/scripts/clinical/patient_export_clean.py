"""
Export all patients of the study database and clean the data.

Steps:
    1. export the table "patients" to a CSV file
    2. clean it with pandas (names, dates, implausible values)
    3. save the cleaned CSV and a small HTML summary

Requirements:
    pip install pandas jinja2
"""

import configparser
import csv
import sqlite3
import time
from pathlib import Path

import pandas as pd
from jinja2 import Template

# ---------------------------------------------------------------------------
# Configuration
# ---------------------------------------------------------------------------
settings = configparser.ConfigParser(interpolation=None)
settings.read(Path(__file__).with_name("settings.ini"), encoding="utf-8")

DATABASE = settings.get("clinical", "database")
OUTPUT_FOLDER = Path(settings.get("output", "folder"))
RAW_FILE = OUTPUT_FOLDER / "patients_raw.csv"
CLEAN_FILE = OUTPUT_FOLDER / "patients_clean.csv"
SUMMARY_FILE = OUTPUT_FOLDER / "summary.html"

SUMMARY_TEMPLATE = """<!doctype html>
<title>Patient export</title>
<h1>Patient export</h1>
<p>{{ "{:,}".format(total) }} patients, mean HbA1c {{ "%.1f"|format(mean) }} mmol/mol.</p>
<table>
  <tr><th>Diagnosis</th><th>Patients</th></tr>
  {% for code, count in diagnoses %}<tr><td>{{ code }}</td><td>{{ count }}</td></tr>
  {% endfor %}
</table>
"""


def export_patients():
    """Export the whole patient table to a CSV file and return the number of rows."""
    connection = sqlite3.connect(DATABASE)
    cursor = connection.execute("SELECT * FROM patients")
    count = 0
    with open(RAW_FILE, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([column[0] for column in cursor.description])
        while True:
            rows = cursor.fetchmany(50_000)
            if not rows:
                break
            writer.writerows(rows)
            count += len(rows)
    connection.close()
    return count


def clean_patients():
    """Clean the exported file and return the cleaned table."""
    patients = pd.read_csv(RAW_FILE)
    patients = patients.drop_duplicates("patient_id")
    patients["full_name"] = patients["full_name"].str.strip()
    visit = pd.to_datetime(patients["visit_date"], errors="coerce")
    patients = patients[visit.notna() & patients["hba1c"].between(20, 160)]
    return patients


def write_summary(patients):
    """Write an HTML page with the main numbers."""
    diagnoses = patients["diagnosis"].value_counts().sort_index()
    html = Template(SUMMARY_TEMPLATE).render(
        total=len(patients), mean=patients["hba1c"].mean(), diagnoses=list(diagnoses.items())
    )
    SUMMARY_FILE.write_text(html, encoding="utf-8")


def main():
    started = time.time()
    OUTPUT_FOLDER.mkdir(parents=True, exist_ok=True)
    count = export_patients()
    print(f"Exported {count:,} patients to {RAW_FILE}")
    patients = clean_patients()
    print(f"{len(patients):,} patients left after cleaning")
    patients.to_csv(CLEAN_FILE, index=False)
    write_summary(patients)
    RAW_FILE.unlink()
    print(f"Saved {CLEAN_FILE} and {SUMMARY_FILE}")
    print(f"Finished in {time.time() - started:.1f} seconds")


if __name__ == "__main__":
    main()
