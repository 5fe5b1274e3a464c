"""The addresses of handovers, shared by the files with their views."""

from flask import Blueprint

blueprint = Blueprint("handovers", __name__, url_prefix="/<tenant>/handovers", template_folder="templates")
