"""Services: the help that exists, in the municipality, in the community and elsewhere; and guidance given on the way."""
