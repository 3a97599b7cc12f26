"""Fixtures that several test files ask for."""

from asking import ask as ask
