package dev.agentrooms.webui.room;

/// Why a room's watchers get nothing more.
public enum RoomEnd {

  /// The room has ended, and another may begin under its name.
  RESTARTED,

  /// The session's id belongs to another user now: what comes is not for those who have watched.
  TAKEN_OVER,

  /// No node of the cluster has the room, as far as this one knows. Another may know more.
  UNREACHABLE
}
