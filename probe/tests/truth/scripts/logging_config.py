import logging.config

logging.config.dictConfig({
    "version": 1,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": "conf.log", "delay": True}},
    "root": {"handlers": ["file"], "level": "INFO"},
})
logging.info("x")
print(len(open("conf.log").read()) > 0)
