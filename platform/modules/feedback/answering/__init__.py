"""How answers come: on the helper's screen, on the own phone, from paper and by phone, from several raters, or not at all."""
