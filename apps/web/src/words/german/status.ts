/** German: the connection, what stands over the message box, and why something is unread. */
export const STATUS = {
  "A new version is there": "Eine neue Version ist da",
  "Reconnecting… Messages will be sent when the server is back.":
    "Verbindung wird wiederhergestellt … Nachrichten gehen hinaus, sobald der Server wieder da ist.",
  "You are offline. Messages will be sent when you are back.":
    "Du bist offline. Nachrichten gehen hinaus, sobald du wieder online bist.",
  "You are connected again.": "Du bist wieder verbunden.",
  "Trying again in {seconds} s": "Nächster Versuch in {seconds} s",
  "Try now": "Jetzt versuchen",
  "In step": "Auf gleichem Stand",
  "Syncing…": "Wird abgeglichen …",
  "Reconnecting…": "Verbinde neu …",
  Offline: "Offline",
  "Needs attention": "Braucht dich",
  "{count} waiting": { one: "1 wartet", other: "{count} warten" },
  "Sync: {state}": "Abgleich: {state}",
  Sync: "Abgleich",
  "Last synced": "Zuletzt abgeglichen",
  "Not yet": "Noch nicht",
  "Waiting to go out": "Wartet darauf, hinauszugehen",
  Nothing: "Nichts",
  "Next try": "Nächster Versuch",
  "Sync now": "Jetzt abgleichen",
  "What is unread, and why": "Was ungelesen ist und warum",
  "Everything is in step on this device.": "Auf diesem Gerät ist alles auf gleichem Stand.",
  "Asking the server for what is new…": "Der Server wird gefragt, was neu ist …",
  "Something needs you.": "Etwas braucht dich.",
  "{count} messages and changes": {
    one: "1 Nachricht oder Änderung",
    other: "{count} Nachrichten und Änderungen",
  },
  "Just now": "gerade eben",
  "{count} s ago": "vor {count} s",
  "{count} min ago": "vor {count} min",
  "{count} h ago": "vor {count} h",
  "{count} d ago": { one: "vor 1 Tag", other: "vor {count} Tagen" },
  Now: "jetzt",
  "In {count} s": "in {count} s",
  "In {count} min": "in {count} min",
  "Your devices have read up to message {readSeq} of {lastSeq}":
    "Deine Geräte haben bis Nachricht {readSeq} von {lastSeq} gelesen",
  "This tab has seen {baselineCount} of {messageCount} messages; your devices have read up to message {readSeq}":
    "Dieser Tab hat {baselineCount} von {messageCount} Nachrichten gesehen; deine Geräte haben bis Nachricht {readSeq} gelesen",
  "It is on screen, so nothing in it is unread.": "Sie ist gerade zu sehen, also ist nichts darin ungelesen.",
  "Something of your own is under way in it; it is counted when that ends.":
    "Darin ist noch etwas von dir unterwegs; gezählt wird, wenn es zu Ende ist.",
  "It was marked as unread. {seen}.": "Sie wurde als ungelesen markiert. {seen}.",
  "Messages were deleted in it, so the server is being asked for the exact number.":
    "Darin wurden Nachrichten gelöscht, darum wird der Server nach der genauen Zahl gefragt.",
  "{seen}, so {count} are new.": { one: "{seen}, also ist 1 neu.", other: "{seen}, also sind {count} neu." },
  "{seen}, so nothing is new.": "{seen}, also ist nichts neu.",
} as const;
