"""A workshop: the system as a lab finds it, whatever somebody did before."""
