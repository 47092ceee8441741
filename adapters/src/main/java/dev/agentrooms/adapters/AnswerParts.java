package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.protocol.StepWords;
import java.util.regex.Pattern;

/// Which of a run's texts may be its answer: those that its last step writes. What another step
/// writes is a draft for those behind it.
public final class AnswerParts {

  // `work`, its second turn `work.2`, and either in a second attempt `work-2`.
  private static final Pattern SUFFIX = Pattern.compile("(\\.[0-9]+)?(-[0-9]+)?$");

  private String lastDone = "";

  public void on(Told told) {
    JsonNode steps = told.meta().path("steps");
    if (told.step().equals(StepWords.INTENT_DETERMINED) && steps.isArray()) {
      for (JsonNode step : steps) {
        lastDone = step.asText().endsWith("_done") ? step.asText() : lastDone;
      }
    }
  }

  public boolean mayBe(String part) {
    String step = SUFFIX.matcher(part).replaceFirst("");
    return lastDone.isEmpty() || lastDone.equals(step + "_done");
  }
}
