import ast

eval(text)  # finding: weak-eval
ast.literal_eval(text)  # ok: weak-eval
model.eval()  # ok: weak-eval
