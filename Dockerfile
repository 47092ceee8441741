# One image for agent and web UI: `agent` and `webui` are its arguments, none of them means both.
# And one for development, which has the stand-ins for the tools besides: --target mocks.
#
# Built from a fresh clone, the first stage runs Maven. Where that cannot be, because nothing can be
# downloaded, build the jars first (./dev build) and say that they are there:
#   docker build --build-arg JARS=prebuilt --build-arg BUILD_IMAGE=... --build-arg BASE_IMAGE=... .
# with any images of your own that have a shell (BUILD_IMAGE) and Java 25 (BASE_IMAGE).
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG BASE_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS jars
ARG JARS=built
WORKDIR /src
COPY . .
# In /out: lib/ with the libraries, which seldom change; own/ with our own jars, which are small; and
# mocks/ with the stand-ins and what only they need.
RUN set -eu; \
    if [ "$JARS" = built ]; then \
      rm -rf app/target/lib app/target/mocks; \
      mvn --batch-mode --no-transfer-progress -Dmaven.test.skip=true package; \
    fi; \
    mkdir -p /out/own; \
    cp -r app/target/lib app/target/mocks /out/; \
    for pom in */pom.xml; do \
      find /out/lib -name "${pom%/pom.xml}-[0-9]*.jar" -exec mv {} /out/own/ \; ; \
    done; \
    cp app/target/agent-rooms.jar /out/own/

FROM ${BASE_IMAGE} AS server
LABEL org.opencontainers.image.title="Agent Rooms"
WORKDIR /app
COPY jvm.options container.options ./
COPY --from=jars /out/lib lib/
COPY --from=jars /out/own own/
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 8150 8250
ENTRYPOINT ["java", "@jvm.options", "@container.options", "-cp", "own/*:lib/*:mocks/*", "dev.agentrooms.app.Main", "up"]

FROM server AS mocks
COPY --from=jars /out/mocks mocks/
EXPOSE 8350

# What a build without --target makes.
FROM server
