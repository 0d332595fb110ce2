"""Nothing lost, nothing said twice, nobody talked over: through crashes and Avito's faults."""
