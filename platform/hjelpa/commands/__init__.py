"""The commands of `hjelpa`, one module each, named as the command; a name with an underscore is no command."""
