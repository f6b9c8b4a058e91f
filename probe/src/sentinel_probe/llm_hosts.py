"""Which host and path belong to which provider and operation.

Provider names are those of `gen_ai.provider.name` where it lists one. A path that only looks like a model's, on a host nobody knows, is
`openai_compatible` (vLLM, LM Studio, llama.cpp, gateways) or the provider whose form it has; the body decides whether it is one at all.
Source: https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ and the providers' API references: platform.openai.com,
docs.anthropic.com, ai.google.dev/api, learn.microsoft.com/azure/ai-foundry, docs.aws.amazon.com/bedrock, docs.mistral.ai, docs.cohere.com,
console.groq.com, docs.ollama.com.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple

#: End of a host name to its provider; the longest one that fits.
HOSTS = {
    "ai.azure.com": "azure.ai.inference",
    "aiplatform.googleapis.com": "gcp.vertex_ai",
    "aleph-alpha.com": "aleph_alpha",
    "anthropic.com": "anthropic",
    "cerebras.ai": "cerebras",
    "cognitiveservices.azure.com": "azure.ai.openai",
    "cohere.ai": "cohere",
    "cohere.com": "cohere",
    "dashscope-intl.aliyuncs.com": "alibaba",
    "dashscope.aliyuncs.com": "alibaba",
    "deepinfra.com": "deepinfra",
    "deepseek.com": "deepseek",
    "fireworks.ai": "fireworks_ai",
    "generativelanguage.googleapis.com": "gcp.gemini",
    "groq.com": "groq",
    "huggingface.co": "hugging_face",
    "inference.ai.azure.com": "azure.ai.inference",
    "mistral.ai": "mistral_ai",
    "ml.cloud.ibm.com": "ibm.watsonx.ai",
    "models.github.ai": "azure.ai.inference",
    "models.inference.ai.azure.com": "azure.ai.inference",
    "moonshot.ai": "moonshot_ai",
    "moonshot.cn": "moonshot_ai",
    "nvidia.com": "nvidia",
    "ollama.com": "ollama",
    "openai.azure.com": "azure.ai.openai",
    "openai.com": "openai",
    "openrouter.ai": "openrouter",
    "perplexity.ai": "perplexity",
    "sambanova.ai": "sambanova",
    "together.ai": "together_ai",
    "together.xyz": "together_ai",
    "voyageai.com": "voyage_ai",
    "x.ai": "x_ai",
}
OLLAMA_PORT = 11434

#: Last segments of a path to operation and provider, where the host says none; "*" stands for the OpenAI form.
_LAST = {
    "completions": ("text_completion", "*"),
    "responses": ("chat", "*"),
    "embeddings": ("embeddings", "*"),
    "messages": ("chat", "anthropic"),
    "complete": ("text_completion", "anthropic"),
    "generations": ("generate_content", "*"),
    "edits": ("generate_content", "*"),
    "variations": ("generate_content", "*"),
    "transcriptions": ("transcription", "*"),
    "translations": ("transcription", "*"),
    "speech": ("speech", "*"),
    "moderations": ("moderation", "*"),
    "rerank": ("rerank", "cohere"),
    "ocr": ("ocr", "mistral_ai"),
}
_OLLAMA = {"chat": "chat", "generate": "text_completion", "embed": "embeddings", "embeddings": "embeddings"}
_COHERE = {"chat": "chat", "embed": "embeddings", "generate": "text_completion", "rerank": "rerank", "classify": "classify", "summarize": "chat"}
_BEDROCK = frozenset(["converse", "converse-stream", "invoke", "invoke-with-response-stream"])
_GOOGLE = {
    "generateContent": "generate_content",
    "streamGenerateContent": "generate_content",
    "embedContent": "embeddings",
    "batchEmbedContents": "embeddings",
    "generateMessage": "chat",
    "generateText": "text_completion",
    "predict": "generate_content",
    "rawPredict": "chat",
    "streamRawPredict": "chat",
}


def provider_of(host: str) -> str:
    """Provider that a host belongs to; empty where it is not known."""
    name = host
    while name:
        found = HOSTS.get(name)
        if found is not None:
            return found
        name = name.partition(".")[2]
    if host.startswith("bedrock-runtime") and ".amazonaws.com" in host:
        return "aws.bedrock"
    return ""


def shape(host: str, port: "Optional[int]", path: str) -> "Optional[Tuple[str, str, str, bool]]":
    """Provider, operation, the model where the path names it, and whether it asks for a stream; None where the path is nobody's."""
    parts = path.split("/")
    last = parts[-1] or (parts[-2] if len(parts) > 1 else "")
    known = provider_of(host)
    name, colon, verb = last.replace("%3A", ":").replace("%3a", ":").rpartition(":")
    if colon and verb in _GOOGLE and ("models" in parts or "tunedModels" in parts or "endpoints" in parts):
        is_vertex = known == "gcp.vertex_ai" or "publishers" in parts
        if verb == "predict" and not (is_vertex or known):
            return None
        return "gcp.vertex_ai" if is_vertex else known or "gcp.gemini", _GOOGLE[verb], name, verb[:6] == "stream"
    if last in _BEDROCK and len(parts) > 2 and parts[-3] == "model":
        model = unquote(parts[-2])
        return "aws.bedrock", "embeddings" if "embed" in model else "chat", model, "stream" in last
    model = ""
    if "deployments" in parts and parts.index("deployments") + 1 < len(parts):
        model = unquote(parts[parts.index("deployments") + 1])
        known = known or "azure.ai.openai"
    above = parts[-2] if len(parts) > 1 else ""
    if above == "api" and last in _OLLAMA:
        return (known or "ollama"), _OLLAMA[last], "", False
    if last in _COHERE and above in ("v1", "v2") and known in ("", "cohere"):
        return "cohere", _COHERE[last], "", False
    if last not in _LAST:
        return None
    operation, form = _LAST[last]
    if last == "completions" and above == "chat":
        operation = "chat"
    elif last in ("generations", "edits", "variations") and above != "images":
        return None
    elif last in ("transcriptions", "translations", "speech") and above != "audio":
        return None
    elif last in ("responses", "messages", "complete") and not known and above not in ("v1", "openai", "anthropic"):
        return None
    if not known:
        known = "ollama" if port == OLLAMA_PORT else "openai_compatible" if form == "*" else form
    return known, operation, model, False


def unquote(text: str) -> str:
    """Text of a path segment, percent escapes of ASCII read."""
    if "%" not in text:
        return text
    first, *rest = text.split("%")
    for part in rest:
        try:
            code = int(part[:2], 16)
            first += chr(code) + part[2:] if 32 < code < 127 else "%" + part
        except ValueError:
            first += "%" + part
    return first
