import logging
import logging.handlers

logging.basicConfig(filename="app.log", level=logging.INFO)
for number in range(20):
    logging.info("line %d", number)
handler = logging.handlers.RotatingFileHandler("rotated.log", maxBytes=200, backupCount=2)
logger = logging.getLogger("rotating")
logger.addHandler(handler)
for number in range(20):
    logger.info("line %d of some length", number)
logging.shutdown()
