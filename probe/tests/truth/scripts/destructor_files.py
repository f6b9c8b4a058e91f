class Keeper:
    def __del__(self, opened=open):
        opened("gone.txt", "w").close()


keeper = Keeper()
open("here.txt", "w").close()
del keeper
