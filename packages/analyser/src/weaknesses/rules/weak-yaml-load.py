import yaml
from yaml import SafeLoader

yaml.load(text)  # finding: weak-yaml-load
yaml.load(text, Loader=yaml.Loader)  # finding: weak-yaml-load
yaml.load(text, Loader=SafeLoader)  # ok: weak-yaml-load
yaml.load(text, yaml.CSafeLoader)  # ok: weak-yaml-load
yaml.safe_load(text)  # ok: weak-yaml-load
