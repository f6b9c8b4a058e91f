"""What the probe promises to see, and the test that proves each: the situations and clients of the research, the packages with their versions.

    python3 -m tests.matrix        prints it as a table

`test_matrix` holds that every test named here is there and has the words and versions that it is named for. What nothing proves has None.
"""

#: Situation of a start, whether the probe reaches it, and the test; each runs with either door alone and with both.
ROUTES = (
    ("script, -c, -m, stdin, folder, zipapp", True, "Routes.test_the_ways_to_give_a_program"),
    ("-P", True, "Routes.test_the_ways_to_give_a_program"),
    ("-I", True, "Routes.test_the_ways_to_give_a_program"),
    ("-E", True, "Routes.test_the_ways_to_give_a_program"),
    ("-s, PYTHONNOUSERSITE", True, "Routes.test_the_ways_to_give_a_program"),
    ("pytest", True, "Routes.test_pytest"),
    ("venv, with -E and -I", True, "Routes.test_the_ways_to_give_a_program"),
    ("venv --system-site-packages", True, "Routes.test_the_ways_to_give_a_program"),
    ("environment made by virtualenv", True, "Routes.test_an_environment_made_by_virtualenv"),
    ("child with env={}", True, "Routes.test_children"),
    ("execve with a clean environment, in base and venv", True, "Routes.test_children"),
    ("os.fork", True, "Routes.test_children"),
    ("multiprocessing fork, spawn, forkserver, in base and venv", True, "Routes.test_children"),
    ("sub-interpreter", True, "Routes.test_sub_interpreters"),
    ("another sitecustomize on PYTHONPATH", True, "Routes.test_another_sitecustomize_on_the_path"),
    ("sitecustomize of the environment", True, "Routes.test_a_sitecustomize_of_the_environment_runs_too"),
    ("embedded in C, default and isolated", True, "Routes.test_embedded_in_a_c_program"),
    ("-S", False, "Routes.test_without_site_nothing_is_reached"),
    ("embedded with site off", False, "Routes.test_embedded_in_a_c_program"),
)

#: Client of research 3.4, its scenario and word in test_clients.SCRIPTS (None: a test of its own), the test, and the oldest and newest package.
_MODELS = "openai==1.40.0", "openai==3.52.0"
CLIENTS = (
    ("urllib http", "standard", "urllib", "ClientTest.test_standard_library", None, None),
    ("urllib https", "standard", "urllibs", "ClientTest.test_standard_library", None, None),
    ("http.client keep-alive", "standard", "client", "ClientTest.test_standard_library", None, None),
    ("requests http", "sync", "requests", "ClientTest.test_synchronous_packages", "requests==2.25.1", "requests==2.34.2"),
    ("requests https", "sync", "requestss", "ClientTest.test_synchronous_packages", "requests==2.25.1", "requests==2.34.2"),
    ("raw socket", "standard", "raw", "ClientTest.test_standard_library", None, None),
    ("raw ssl socket", "standard", "raws", "ClientTest.test_standard_library", None, None),
    ("httpx sync http and https", "sync", "httpxs", "ClientTest.test_synchronous_packages", "httpx==0.23.0", "httpx[http2]==0.28.1"),
    ("httpx async http", "async", "ahttpx", "ClientTest.test_asyncio_packages", "httpx==0.23.0", "httpx[http2]==0.28.1"),
    ("httpx async https", "async", "ahttpxs", "ClientTest.test_asyncio_packages", "httpx==0.23.0", "httpx[http2]==0.28.1"),
    ("httpx with http2, server chose 1.1", "sync", "httpxh", "ClientTest.test_synchronous_packages", None, "httpx[http2]==0.28.1"),
    ("httpx2 sync", "sync", "httpx-2s", "ClientTest.test_synchronous_packages", None, "httpx2==2.16.2"),
    ("httpx2 async", "async", "ahttpx-2s", "ClientTest.test_asyncio_packages", None, "httpx2==2.16.2"),
    ("aiohttp http", "async", "aio", "ClientTest.test_asyncio_packages", "aiohttp==3.8.6", "aiohttp==3.14.5"),
    ("aiohttp https", "async", "aios", "ClientTest.test_asyncio_packages", "aiohttp==3.8.6", "aiohttp==3.14.5"),
    ("asyncio streams over TLS", "standard", "streams", "ClientTest.test_standard_library", None, None),
    ("openai sync", None, "gpt-sync", "ModelTest.test_openai", *_MODELS),
    ("openai async", None, "gpt-async", "ModelTest.test_openai", *_MODELS),
    ("openai stream", None, "gpt-stream", "ModelTest.test_openai", *_MODELS),
    ("anthropic", None, "claude-stream", "ModelTest.test_anthropic", "anthropic==0.34.0", "anthropic==2.11.0"),
    ("google-genai", None, "gemini-stream", "ModelTest.test_google", "google-genai==1.0.0", "google-genai==3.4.0"),
    ("uvloop over TLS", "uvloop", "uvs", "ClientTest.test_uvloop", "uvloop==0.17.0", "uvloop==0.23.0"),
    ("gevent http", "gevent", "green", "ClientTest.test_gevent", "gevent==21.12.0", "gevent==26.9.0"),
    ("gevent https", "gevent", "greens", "ClientTest.test_gevent", "gevent==21.12.0", "gevent==26.9.0"),
    ("uvloop plain http", "uvloop", "uv", "ClientTest.test_uvloop", "uvloop==0.17.0", "uvloop==0.23.0"),
    ("curl_cffi", "curl_cffi", "cffi", "ClientTest.test_curl_cffi", "curl_cffi==0.7.0", "curl_cffi==0.16.3"),
    ("pyOpenSSL", "openssl", "open", "ClientTest.test_pyopenssl", "pyOpenSSL==22.0.0", "pyOpenSSL==26.4.0"),
)

#: What the product's promise names beyond the research's clients: its test, and the oldest and newest package.
MORE = (
    ("pycurl", "ClientTest.test_pycurl", "pycurl==7.45.3", "pycurl==7.49.0"),
    ("gevent without monkey patching", "ClientTest.test_gevent_without_patching", "gevent==21.12.0", "gevent==26.9.0"),
    ("urllib3 alone", "ClientTest.test_synchronous_packages", "urllib3==1.26.5", "urllib3==2.8.0"),
    ("HTTP/2 (httpx, hypercorn)", "ProtocolTest.test_http2", None, "hypercorn==0.18.0"),
    ("gRPC", "ProtocolTest.test_grpc", "grpcio==1.49.1", "grpcio==1.85.1"),
    ("websockets", "ProtocolTest.test_websockets", "websockets==10.0", "websockets==17.4"),
    ("servers (http.server, asyncio, flask, uvicorn)", "ProtocolTest.test_servers", None, "uvicorn==0.54.0"),
    ("SMTP, IMAP, FTP, SSH (paramiko), DNS", "ProtocolTest.test_mail_files_ssh_and_names", None, "paramiko==5.1.0"),
    ("MCP", "ProtocolTest.test_mcp", None, "mcp==2.3.0"),
    ("bedrock (boto3)", "ModelTest.test_bedrock", "boto3==1.34.140", "boto3==1.44.5"),
    ("mistral", "ModelTest.test_mistral_cohere_groq_ollama_azure", None, "mistralai==3.7.0"),
    ("cohere", "ModelTest.test_mistral_cohere_groq_ollama_azure", None, "cohere==7.3.1"),
    ("groq", "ModelTest.test_mistral_cohere_groq_ollama_azure", None, "groq==1.7.0"),
    ("ollama", "ModelTest.test_mistral_cohere_groq_ollama_azure", None, "ollama==0.6.3"),
    ("azure inference", "ModelTest.test_mistral_cohere_groq_ollama_azure", None, "azure-ai-inference==1.0.0b9"),
    ("litellm", "ModelTest.test_litellm", None, "litellm==1.106.2"),
    ("langchain", "ModelTest.test_langchain", None, "langchain-openai==1.7.3"),
)

#: Kind of evasion of research 3.9: the hostile script of test_robustness that comes out as without the probe, and the test of what the record says of it.
EVASIONS = (
    ("clear sys.modules", "clear_modules", "EvasionTest.test_modules_cleared"),
    ("reload socket", "reload_socket", "EvasionTest.test_a_reloaded_socket_counts_bytes_again"),
    ("replace the hook's code", None, "TamperTest.test_the_hook_found_and_its_code_exchanged"),
    ("look for the probe through gc", "gc_search", "TamperTest.test_looking_through_objects"),
    ("empty its tables", None, "TamperTest.test_the_table_found_and_emptied"),
    ("load native code, clear the hooks", "ctypes_poke", "TamperTest.test_the_interpreters_hook_functions"),
    ("_io.open, posix.open, _socket.socket", "direct_io", "EvasionTest.test_the_c_modules_used_directly"),
    ("python -S as a child", "child_without_site", "EvasionTest.test_a_child_without_site_is_named_by_its_parent"),
    ("python -S by exec", "exec_without_site", "EvasionTest.test_an_exec_without_site_is_named_before_it_happens"),
    ("truncate the own record", "spool_truncated", "EvasionTest.test_a_record_that_was_cut_has_no_beginning"),
    ("sub-interpreters", "sub_interpreter", "Routes.test_sub_interpreters"),
    ("take the finder out", "meta_path", "TamperTest.test_the_finder_taken_out"),
    ("another audit hook", "own_hook_raises", "TamperTest.test_another_audit_hook"),
)


def table():
    """The matrix in Markdown."""
    lines = ["| situation | reached | proved by |", "|---|---|---|"]
    lines += ["| %s | %s | `%s` |" % (name, "yes" if is_reached else "no", proof) for name, is_reached, proof in ROUTES]
    lines += ["", "| client | oldest | newest | proved by |", "|---|---|---|---|"]
    lines += ["| %s | %s | %s | `%s` |" % (name, oldest or "-", newest or "standard library", proof) for name, _, _, proof, oldest, newest in CLIENTS]
    lines += ["| %s | %s | %s | `%s` |" % (name, oldest or "-", newest, proof) for name, proof, oldest, newest in MORE]
    lines += ["", "| evasion | script | the record |", "|---|---|---|"]
    lines += ["| %s | %s | %s |" % (name, script or "-", "`%s`" % proof if proof else "-") for name, script, proof in EVASIONS]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
