if level != "none‮⁦":  # finding: weak-trojan-source
    print("admin")
name = "שלום"  # ok: weak-trojan-source
