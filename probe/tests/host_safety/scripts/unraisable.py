class D:
    def __del__(self): open('/nonexistent')
d = D(); del d
print(1)
x = D()
