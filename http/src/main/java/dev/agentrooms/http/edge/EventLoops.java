package dev.agentrooms.http.edge;

import dev.agentrooms.http.Loop;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loops of a node, one for each core, which all its servers share. Each is a dispatcher
/// of the actor system as well, so that a stream can run where its connection lives.
public final class EventLoops implements Extension {

  private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
  private static final long TICK_MS = 250;
  private static final ExtensionId<EventLoops> ID =
      new ExtensionId<>() {
        @Override
        public EventLoops createExtension(ActorSystem<?> system) {
          return new EventLoops(system);
        }
      };

  // Two loops of their own share nothing, so as many arenas; chunks of 1 MiB, because most of what
  // is buffered is small and short-lived.
  private static final int PAGE_BYTES = 8192;
  private static final int CHUNK_ORDER = 7;

  private final EventLoopGroup group;
  private final ByteBufAllocator allocator;
  private final Map<EventLoop, NettyLoop> loops = new HashMap<>();
  private final boolean isNative = Epoll.isAvailable();
  private final String dispatcher;
  private volatile Departure departure = Departure.NONE;
  private volatile boolean stopping;

  /// One of them.
  static final class NettyLoop implements Loop {

    private final EventLoop loop;
    private final String dispatcher;
    private final Set<Timed> timed = new LinkedHashSet<>();

    NettyLoop(EventLoop loop, String dispatcher) {
      this.loop = loop;
      this.dispatcher = dispatcher;
    }

    /// The id under which Pekko knows it.
    String dispatcher() {
      return dispatcher;
    }

    /// Tells `each` the time, until [#forget]. On the loop only.
    void remember(Timed each) {
      timed.add(each);
    }

    void forget(Timed each) {
      timed.remove(each);
    }

    @Override
    public void execute(Runnable task) {
      loop.execute(task);
    }

    @Override
    public void executeAfterIo(Runnable task) {
      // A timer that is due runs in the next turn, which begins with the network.
      var _ = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    boolean inLoop() {
      return loop.inEventLoop();
    }

    private void tick() {
      long now = System.nanoTime();
      // Those that are too late leave while they are told.
      for (Timed each : List.copyOf(timed)) {
        try {
          each.onTick(now);
        } catch (RuntimeException e) {
          // The deadlines of all others go on.
          LOG.error("a deadline could not be looked at", e);
        }
      }
    }
  }

  /// What has deadlines. They are looked at a few times a second: a timer for each of ten thousand
  /// connections would cost more than all of them do in that time.
  interface Timed {
    /// @param now as of [System#nanoTime]
    void onTick(long now);
  }

  private EventLoops(ActorSystem<?> system) {
    int count = Runtime.getRuntime().availableProcessors();
    IoHandlerFactory io = isNative ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("edge", true), io);
    allocator = new PooledByteBufAllocator(true, 0, count, PAGE_BYTES, CHUNK_ORDER, 64, 16, false);
    List<EventExecutor> all = new ArrayList<>();
    group.forEach(all::add);
    for (int i = 0; i < all.size(); i++) {
      EventLoop loop = (EventLoop) all.get(i);
      NettyLoop known = new NettyLoop(loop, LoopDispatcher.register(system, "loop-" + i, loop));
      loops.put(loop, known);
      var _ = loop.scheduleWithFixedDelay(known::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
      loop.terminationFuture().addListener(ended -> onEnd(ended.cause()));
    }
    dispatcher = LoopDispatcher.register(system, "loops", this::execute);
    system.getWhenTerminated().whenComplete((done, failure) -> stop());
  }

  static EventLoops of(ActorSystem<?> system) {
    return ID.apply(system);
  }

  EventLoopGroup group() {
    return group;
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  Class<? extends ServerSocketChannel> serverChannel() {
    return isNative ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  NettyLoop of(Channel channel) {
    return Objects.requireNonNull(loops.get(channel.eventLoop()));
  }

  /// The dispatcher of all loops, for actors that connections speak to: what a loop has for such an
  /// actor, the actor does there and at once, and no other thread has to be woken.
  public static DispatcherSelector dispatcher(ActorSystem<?> system) {
    return DispatcherSelector.fromConfig(of(system).dispatcher);
  }

  private void execute(Runnable task) {
    for (EventLoop each : loops.keySet()) {
      if (each.inEventLoop()) {
        each.execute(task);
        return;
      }
    }
    group.next().execute(task);
  }

  Departure departure() {
    return departure;
  }

  /// Lets all connections know, and completes when each has looked at it.
  CompletionStage<Done> depart(Departure next) {
    departure = next;
    return CompletableFuture.allOf(
            loops.values().stream()
                .map(loop -> CompletableFuture.runAsync(loop::tick, loop.loop))
                .toArray(CompletableFuture[]::new))
        .handle((done, failure) -> Done.getInstance());
  }

  private void stop() {
    stopping = true;
    var _ = group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
  }

  /// Nothing is left of a server whose loop has ended: a core's share of all connections, and every
  /// other new one. The process ends, and whoever watches over it starts the next.
  private void onEnd(Throwable why) {
    if (!stopping) {
      LOG.error("an event loop ended, and with it this process", why);
      Runtime.getRuntime().exit(70);
    }
  }
}
