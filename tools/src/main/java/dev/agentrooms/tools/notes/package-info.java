/// A folder of notes: reading, search, answers with citations, quizzes and their grades. Without a
/// model, without a service; no actor, and no Pekko.
@NullMarked
package dev.agentrooms.tools.notes;

import org.jspecify.annotations.NullMarked;
