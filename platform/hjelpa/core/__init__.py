"""What every feature may rely on: contract, configuration, database, isolation, permissions, outbox, telemetry."""
