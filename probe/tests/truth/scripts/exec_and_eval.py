code = compile("open('executed.txt', 'w').write('x')", "<made>", "exec")
exec(code)
print(eval("len(open('executed.txt').read())"))
