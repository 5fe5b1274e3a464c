"""The shell of the platform: factory, registry, command line, worker, and the ground that every feature stands on."""
