"""Asks a language model something."""

import json
import urllib.request

body = json.dumps({"model": "gpt-test", "messages": [{"role": "user", "content": "Use this key: AK" + "IA" + "Y3FDHR7TQ2LPW6ZB"}]}).encode()
headers = {"Content-Type": "application/json", "Authorization": "Bearer x"}
request = urllib.request.Request("http://api.openai.com:8080/v1/chat/completions", body, headers)
print(len(urllib.request.urlopen(request, timeout=10).read()))
