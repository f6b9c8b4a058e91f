from datasets import load_dataset
from huggingface_hub import snapshot_download
from transformers import AutoModel

AutoModel.from_pretrained("company/model")  # finding: weak-huggingface-download
AutoModel.from_pretrained("company/model", revision="main")  # finding: weak-huggingface-download
load_dataset("company/rows")  # finding: weak-huggingface-download
snapshot_download(repo_id="company/model")  # finding: weak-huggingface-download
AutoModel.from_pretrained("company/model", revision="0123456789abcdef0123456789abcdef01234567")  # ok: weak-huggingface-download
AutoModel.from_pretrained("./model")  # ok: weak-huggingface-download
AutoModel.from_pretrained("company/model", revision=PINNED)  # ok: weak-huggingface-download
