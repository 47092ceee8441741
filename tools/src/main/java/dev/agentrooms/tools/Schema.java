package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Text;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A JSON Schema (draft 2020-12) without external references: no schema is ever fetched.
public final class Schema {

  /// An invalid schema. Without a stack trace, because it is an answer and not a bug.
  public static final class Invalid extends RuntimeException {
    Invalid(String detail) {
      super(detail, null, false, false);
    }

    public String detail() {
      return String.valueOf(getMessage());
    }
  }

  private static final int MAX_FIELD = 200;
  private static final String NONE = "is no JSON Schema: ";
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder()
          // Stops at the first error, because there may be as many as the data has elements.
          .failFast(true)
          .pathType(PathType.JSON_POINTER)
          .locale(Locale.ENGLISH)
          .build();

  private static final JsonSchema OF_SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(SchemaLocation.of(SchemaId.V202012), CONFIG);

  private final JsonNode json;
  private final JsonSchema validator;

  private Schema(JsonNode json, JsonSchema validator) {
    this.json = json;
    this.validator = validator;
  }

  /// @throws Invalid when it is not a valid schema
  public static Schema of(JsonNode json) {
    if (Json.isDeeper(json, Json.MAX_DEPTH)) {
      throw new Invalid("is nested more than " + Json.MAX_DEPTH + " deep");
    }
    ValidationMessage fault = first(OF_SCHEMAS, json);
    if (fault != null) {
      throw new Invalid(NONE + said(field("", fault), fault));
    }
    SchemaCheck.check(json);
    try {
      JsonSchema validator = factory().getSchema(json, CONFIG);
      validator.initializeValidators();
      // An endless self-reference fails at once.
      first(validator, Json.object());
      return new Schema(json, validator);
    } catch (StackOverflowError e) {
      throw new Invalid("refers to itself without an end");
    } catch (RuntimeException e) {
      throw new Invalid(NONE + e.getMessage());
    }
  }

  private static JsonSchemaFactory factory() {
    return JsonSchemaFactory.getInstance(
        VersionFlag.V202012,
        builder ->
            builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));
  }

  /// The schema's JSON, as written.
  public JsonNode json() {
    return json;
  }

  /// @param name of the validated value, with which the names of its members begin
  /// @throws InvalidField naming the first part that violates the schema
  public void check(String name, JsonNode value) {
    ValidationMessage fault = first(validator, value);
    if (fault != null) {
      String field = field(name, fault);
      throw new InvalidField(field, said(field, fault));
    }
  }

  private static @Nullable ValidationMessage first(JsonSchema validator, JsonNode value) {
    Iterator<ValidationMessage> faults = validator.validate(value).iterator();
    return faults.hasNext() ? faults.next() : null;
  }

  /// A path such as `chunks[0].text`.
  private static String field(String name, ValidationMessage fault) {
    StringBuilder field = new StringBuilder(name);
    JsonNodePath at = fault.getInstanceLocation();
    for (int i = 0; i < at.getNameCount(); i++) {
      if (at.getElement(i) instanceof Integer index) {
        field.append('[').append(index).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(at.getName(i));
      }
    }
    if (fault.getProperty() != null) {
      field.append(field.isEmpty() ? "" : ".").append(fault.getProperty());
    }
    return Text.cut(field.toString(), MAX_FIELD);
  }

  private static String said(String field, ValidationMessage fault) {
    return (field.isEmpty() ? "It" : field)
        + " "
        + switch (fault.getType()) {
          case "required" -> "is required";
          case "additionalProperties" -> "is not allowed";
          case "type" -> "must be of the type " + fault.getArguments()[1];
          default -> fault.getError();
        };
  }
}
