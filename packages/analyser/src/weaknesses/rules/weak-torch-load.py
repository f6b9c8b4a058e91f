import torch

model = torch.load("model.pt")  # finding: weak-torch-load
model = torch.load("model.pt", weights_only=False)  # finding: weak-torch-load
model = torch.load("model.pt", weights_only=True)  # ok: weak-torch-load
