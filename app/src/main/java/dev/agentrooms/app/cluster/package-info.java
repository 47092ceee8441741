/// This process as a member of a cluster: how it joins, how it notices that another has died, and
/// how it leaves.
@NullMarked
package dev.agentrooms.app.cluster;

import org.jspecify.annotations.NullMarked;
