"""Presses keys for a person."""

from pynput.keyboard import Controller

Controller().type("hello")
