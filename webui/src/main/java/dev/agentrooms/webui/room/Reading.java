package dev.agentrooms.webui.room;

/// What becomes of a wish to read what a room holds.
public sealed interface Reading permits Retained, Refused {}
