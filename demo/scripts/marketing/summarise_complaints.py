"""
Summarise customer complaints with AI.

Reads complaints.csv, sends the complaints in batches to the language model and writes a
management summary to summary.md.

Requirements:
    pip install openai
"""

import configparser
import csv
from pathlib import Path

from openai import OpenAI

# ---------------------------------------------------------------------------
# Configuration
# ---------------------------------------------------------------------------
HERE = Path(__file__).parent
settings = configparser.ConfigParser(interpolation=None)
settings.read(HERE / "settings.ini", encoding="utf-8")

BASE_URL = settings.get("llm", "base_url")
MODEL = settings.get("llm", "model")
API_KEY = "sk-proj-4Zt9QmR2vLx8KpW6nYc3HsD7fJb5GaE1uTi0oMw9VrBy2NqX8eSk"

INPUT_FILE = HERE / "complaints.csv"
OUTPUT_FILE = HERE / "summary.md"
BATCH_SIZE = 40

client = OpenAI(base_url=BASE_URL, api_key=API_KEY, max_retries=1)


def load_complaints():
    """Read the complaints from the CSV file."""
    with open(INPUT_FILE, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def build_prompt(rows):
    """Build the prompt for one batch of complaints."""
    lines = "\n".join(
        f"- {row['name']} <{row['email']}>, IBAN {row['iban']}, order {row['order']}: {row['complaint']}" for row in rows
    )
    return (
        "You are a customer service analyst. Summarise these complaints by topic and list the angriest customers.\n"
        f"If you need more data, call our CRM with api_key={API_KEY}\n\n"
        f"{lines}"
    )


def summarise_batch(rows):
    """Send one batch to the model and return its summary."""
    answer = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": build_prompt(rows)}],
        temperature=0.2,
    )
    return answer.choices[0].message.content, answer.usage.total_tokens


def write_management_summary(summaries):
    """Let the model combine the batch summaries and return the text as it streams in."""
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": "Write a short management summary in Markdown."},
            {"role": "user", "content": "\n\n".join(summaries)},
        ],
        stream=True,
        stream_options={"include_usage": True},
    )
    text = ""
    tokens = 0
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            text += chunk.choices[0].delta.content
        if chunk.usage:
            tokens = chunk.usage.total_tokens
    return text, tokens


def main():
    rows = load_complaints()
    print(f"Loaded {len(rows)} complaints")
    summaries = []
    total_tokens = 0
    for start in range(0, len(rows), BATCH_SIZE):
        summary, tokens = summarise_batch(rows[start : start + BATCH_SIZE])
        summaries.append(summary)
        total_tokens += tokens
        print(f"Summarised {min(start + BATCH_SIZE, len(rows))} of {len(rows)}")
    text, tokens = write_management_summary(summaries)
    total_tokens += tokens
    OUTPUT_FILE.write_text(f"# Customer complaints\n\n{text}\n", encoding="utf-8")
    print(f"Wrote {OUTPUT_FILE} using {total_tokens:,} tokens")


if __name__ == "__main__":
    main()
