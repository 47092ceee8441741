package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a person has agreed to a call before it comes to it: in an `ask` step whose value is all
/// that the call sends, besides what the file and the caller of the run say.
///
/// For example, `with { text = "{{steps.review.value}}" }` sends what was agreed to in `review`;
/// `with { text = "Hello {{steps.review.value}}" }` does not, nor does a tool whose URL has a
/// `{{steps.fetch.to}}` in it.
public final class Agreement {

  private Agreement() {}

  /// The `ask` step in which a person has agreed to just this call.
  public static Optional<String> of(Workflow workflow, Step.CallTool call, Tool tool, Scope scope) {
    if (call.arguments() == null || tool.paths().stream().anyMatch(Agreement::isOfStep)) {
      return Optional.empty();
    }
    List<ValuePath> inserted = new ArrayList<>();
    if (!collect(call.arguments(), inserted)) {
      return Optional.empty();
    }
    List<ValuePath> values = inserted.stream().filter(Agreement::isOfStep).distinct().toList();
    if (values.size() != 1) {
      return Optional.empty();
    }
    List<String> path = values.getFirst().segments();
    if (path.size() != 3 || !path.get(2).equals("value")) {
      return Optional.empty();
    }
    String asking = path.get(1);
    JsonNode answer = scope.steps().get(asking);
    boolean isAsked =
        workflow.step(asking).filter(step -> step.action() instanceof Step.AskPerson).isPresent();
    return isAsked && answer != null && answer.path("decision").asText().equals("approve")
        ? Optional.of(asking)
        : Optional.empty();
  }

  // What a tool or a model has said, or a person.
  private static boolean isOfStep(ValuePath path) {
    return path.segments().getFirst().equals("steps");
  }

  /// The paths of an argument's placeholders.
  ///
  /// @return whether each of a step's values is sent as it is, with nothing beside it
  private static boolean collect(JsonTemplate arguments, List<ValuePath> inserted) {
    return switch (arguments) {
      case JsonTemplate.Fixed _ -> true;
      case JsonTemplate.Filled(Template text) -> {
        inserted.addAll(text.paths());
        yield text.parts().size() == 1 || text.paths().stream().noneMatch(Agreement::isOfStep);
      }
      case JsonTemplate.Members(var members) ->
          members.values().stream().allMatch(each -> collect(each, inserted));
      case JsonTemplate.Elements(var elements) ->
          elements.stream().allMatch(each -> collect(each, inserted));
    };
  }
}
