/** German: what the page tells beside a conversation, in toasts, notifications and to screen readers. */
export const NOTICES = {
  "“{title}” was deleted elsewhere": "„{title}“ wurde anderswo gelöscht",
  "This chat was deleted elsewhere": "Dieser Chat wurde anderswo gelöscht",
  "“{title}” was deleted elsewhere, perhaps before your message reached it. The text is in a new chat.":
    "„{title}“ wurde anderswo gelöscht, vielleicht bevor deine Nachricht dort angekommen ist. Der Text steht in einem neuen Chat.",
  "“{title}” was deleted elsewhere. Your message wasn't sent: its text is in a new chat.":
    "„{title}“ wurde anderswo gelöscht. Deine Nachricht wurde nicht gesendet: Ihr Text steht in einem neuen Chat.",
  "A chat was deleted, perhaps before your message reached it. The text is in a new chat.":
    "Ein Chat wurde gelöscht, vielleicht bevor deine Nachricht ihn erreicht hat. Der Text steht in einem neuen Chat.",
  "The message that you were editing was replaced. Your text is in the message box.":
    "Die Nachricht, die du bearbeitet hast, wurde ersetzt. Dein Text steht im Nachrichtenfeld.",
  "Your message wasn't sent: its chat was deleted. The text is in a new chat.":
    "Deine Nachricht wurde nicht gesendet: Ihr Chat wurde gelöscht. Der Text steht in einem neuen Chat.",
  "Something newer was written here, so nothing was undone. What was replaced is kept as an earlier version.":
    "Hier wurde inzwischen Neueres geschrieben, darum wurde nichts rückgängig gemacht. Was ersetzt wurde, bleibt als frühere Version erhalten.",
  Show: "Zeigen",
  "{count} messages replaced": { one: "1 Nachricht ersetzt", other: "{count} Nachrichten ersetzt" },
  "Reply failed": "Antwort fehlgeschlagen",
  "Reply stopped": "Antwort angehalten",
  "Reply finished": "Antwort fertig",
  "The reply failed.": "Die Antwort ist fehlgeschlagen.",
  "The reply is finished.": "Die Antwort ist fertig.",
  "The reply has ended.": "Die Antwort ist zu Ende.",
  "“{title}” has a reply": "„{title}“ hat eine Antwort",
  "Another chat has a reply": "Ein anderer Chat hat eine Antwort",
  "It was deleted for good.": "Das wurde endgültig gelöscht.",
  Notifications: "Hinweise",
  Dismiss: "Schließen",
} as const;
