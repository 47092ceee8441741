package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How [Remote] messages are written: by their fields, and a value of a sealed type with its
/// class's simple name in front, so that no such type has to list its cases again in an annotation.
public final class RemoteTypes extends Module {

  private static final String TYPE = "@type";

  @Override
  public String getModuleName() {
    return "agent-rooms-remote";
  }

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  public void setupModule(SetupContext context) {
    context.appendAnnotationIntrospector(new SealedTypes());
    ObjectMapper mapper = context.getOwner();
    // What tools and callers say is passed on digit by digit.
    mapper.configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, true);
    mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    mapper.configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
    // No JSON is something else than JSON's null.
    mapper.setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
    mapper.setVisibility(PropertyAccessor.ALL, Visibility.NONE);
    mapper.setVisibility(PropertyAccessor.CREATOR, Visibility.ANY);
    mapper.setVisibility(PropertyAccessor.FIELD, Visibility.ANY);
  }

  private static final class SealedTypes extends NopAnnotationIntrospector {

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
        MapperConfig<?> config, AnnotatedClass type, JavaType base) {
      return isOurs(type.getRawType())
          ? new StdTypeResolverBuilder()
              .init(JsonTypeInfo.Id.NAME, null)
              .inclusion(JsonTypeInfo.As.PROPERTY)
              .typeProperty(TYPE)
          : null;
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated type) {
      if (!isOurs(type.getRawType())) {
        return null;
      }
      List<NamedType> cases = new ArrayList<>();
      addCases(type.getRawType(), cases);
      return cases;
    }

    private static boolean isOurs(Class<?> type) {
      return type.isSealed() && !type.isAnnotationPresent(JsonTypeInfo.class);
    }

    private static void addCases(Class<?> type, List<NamedType> cases) {
      if (type.isSealed() && type.isInterface()) {
        for (Class<?> each : type.getPermittedSubclasses()) {
          addCases(each, cases);
        }
      } else {
        cases.add(new NamedType(type, type.getSimpleName()));
      }
    }
  }
}
