package dev.agentrooms.webui.room;

/// Why a room's watchers get nothing more.
public enum RoomEnd {

  /// The room has ended, and another may begin under its name.
  RESTARTED,

  /// No node of the cluster has the room, as far as this one knows. Another may know more.
  UNREACHABLE
}
