package dev.agentrooms.http.edge;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.dispatch.Dispatcher;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.ExecutorServiceFactoryProvider;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.apache.pekko.dispatch.MessageDispatcherConfigurator;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;

/// A dispatcher of Pekko's whose only threads are event loops'.
final class LoopDispatcher extends MessageDispatcherConfigurator {

  // Messages that one actor is given at a time. A stream has few, and they are short.
  private static final int THROUGHPUT = 32;

  private final MessageDispatcher dispatcher;

  private LoopDispatcher(String id, Config config, Dispatchers dispatchers, Executor loops) {
    super(config, dispatchers.prerequisites());
    dispatcher =
        new Dispatcher(
            this,
            id,
            THROUGHPUT,
            Duration.Zero(),
            new OnLoops(loops),
            FiniteDuration.create(1, TimeUnit.SECONDS));
  }

  /// @param name behind the prefix that all have
  /// @return the id by which the dispatcher is found
  static String register(ActorSystem<?> system, String name, Executor loops) {
    Dispatchers dispatchers = Adapter.toClassic(system).dispatchers();
    String id = "agent-rooms." + name;
    Config config =
        ConfigFactory.parseMap(Map.of("id", id, "name", name))
            .withFallback(dispatchers.defaultDispatcherConfig());
    dispatchers.registerConfigurator(id, new LoopDispatcher(id, config, dispatchers, loops));
    return id;
  }

  @Override
  public MessageDispatcher dispatcher() {
    return dispatcher;
  }

  private record OnLoops(Executor loops) implements ExecutorServiceFactoryProvider {
    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
      return () -> new Borrowed(loops);
    }
  }

  /// The dispatcher shuts its executor down whenever it has no actors; the loops go on.
  private static final class Borrowed extends AbstractExecutorService {

    private final Executor loops;

    Borrowed(Executor loops) {
      this.loops = loops;
    }

    @Override
    public void execute(Runnable task) {
      loops.execute(task);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
