import logging, sys
logging.basicConfig(stream=sys.stderr, format='%(levelname)s %(funcName)s %(filename)s:%(lineno)d %(message)s', level=logging.INFO)
def f(): logging.info('hello'); logging.warning('w', stack_info=True)
f()
try: open('/nonexistent')
except OSError: logging.exception('failed')
