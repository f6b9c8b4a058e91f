for name in ("with space", "tab\tname", "new\nline", "quote\"s", "back\\slash", "angle<>"):
    with open(name, "w") as file:
        file.write(name)
    print(repr(open(name).read()))
