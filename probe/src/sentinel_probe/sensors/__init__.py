"""One folder a sensor, named after the import it watches; `boot.SENSORS` says which audit event loads which."""
