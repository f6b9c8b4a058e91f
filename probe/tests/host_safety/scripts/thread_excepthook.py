import threading
threading.excepthook = lambda args: print('hook', args.exc_type.__name__, args.thread.name)
t = threading.Thread(target=lambda: open('/nonexistent/file'), name='w'); t.start(); t.join()
