import configparser

config = configparser.ConfigParser()
config["main"] = {"key": "value"}
with open("settings.ini", "w") as file:
    config.write(file)
again = configparser.ConfigParser()
print(again.read(["settings.ini", "missing.ini"]), again["main"]["key"])
