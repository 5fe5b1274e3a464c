"""Handovers: nobody is let go before another has taken over, inside the municipality and between two.

A handover is open until its receiver has answered. Until then whoever is responsible stays so, and the receiver sees
only what the sender has written for them and what the citizen has said yes to.
"""
