"""Full-time positions, quarter by quarter, so that people helped can be seen beside what the help costs."""
