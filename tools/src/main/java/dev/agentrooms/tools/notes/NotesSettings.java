package dev.agentrooms.tools.notes;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an operator says of the notes; each is described in `reference.conf`.
///
/// @param dir null when there are no notes
/// @param rescan how soon a change in the folder is found
/// @param maxFiles how many files are read; further ones are skipped and named
/// @param maxFileSize bytes of one file
/// @param maxTotalSize bytes of all files together
public record NotesSettings(
    @Nullable Path dir, Duration rescan, int maxFiles, int maxFileSize, int maxTotalSize) {}
