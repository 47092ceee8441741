package dev.agentrooms.tools.notes;

import java.nio.file.Path;
import java.time.Duration;

/// What an operator says of the notes; each is described in `reference.conf`.
///
/// @param rescan how soon a change in the folder is found
/// @param maxFiles how many files are read; further ones are skipped and named
/// @param maxFileSize bytes of one file
/// @param maxTotalSize bytes of all files together
public record NotesSettings(
    Path dir, Duration rescan, int maxFiles, int maxFileSize, int maxTotalSize) {}
