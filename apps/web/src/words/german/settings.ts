/** German: the settings. */
export const SETTINGS = {
  Settings: "Einstellungen",
  "Search settings": "Einstellungen durchsuchen",
  "No setting has these words.": "Keine Einstellung enthält diese Wörter.",
  Theme: "Erscheinungsbild",
  "appearance colours": "Aussehen Farben Thema hell dunkel",
  "System ¦ theme": "System",
  "Light ¦ theme": "Hell",
  "Dark ¦ theme": "Dunkel",
  Language: "Sprache",
  "appearance words": "Aussehen Wörter Language English",
  "As the browser": "Wie der Browser",
  "The language could not be loaded. Check your connection, and try again.":
    "Die Sprache konnte nicht geladen werden. Prüfe deine Verbindung und versuche es noch einmal.",
  "Enter key": "Eingabetaste",
  "keyboard sending messages": "Tastatur Nachrichten senden",
  "Automatic ¦ Enter key": "Automatisch",
  "Sends ¦ Enter key": "Sendet",
  "New line ¦ Enter key": "Neue Zeile",
  "Show replies while they are written": "Antworten zeigen, während sie geschrieben werden",
  "Off: a reply appears once it is complete.": "Aus: Eine Antwort erscheint, sobald sie vollständig ist.",
  "Share reading between devices": "Gelesenes zwischen Geräten teilen",
  "On: what you read on one device is read on all of them.":
    "An: Was du auf einem Gerät liest, gilt auf allen als gelesen.",
  "Not changed. {reason}": "Nicht geändert. {reason}",
  "Notify me when a reply is finished": "Mich benachrichtigen, wenn eine Antwort fertig ist",
  "Unread conversations": "Ungelesene Unterhaltungen",
  "mark all as read badges": "alle als gelesen markieren Zähler",
  "Mark all as read": "Alle als gelesen markieren",
  Data: "Daten",
  "import conversations history ChatGPT Claude Open WebUI":
    "Unterhaltungen importieren Verlauf ChatGPT Claude Open WebUI",
  "Import conversations": "Unterhaltungen importieren",
  "account name email password sessions devices tokens export delete sign out":
    "Konto Name E-Mail Passwort Sitzungen Geräte Token Export löschen abmelden",
  "Signed in as {email}": "Angemeldet als {email}",
  "Your name and your conversations": "Dein Name und deine Unterhaltungen",
  Account: "Konto",
  "Sign out": "Abmelden",
  "Not signed out. {reason}": "Nicht abgemeldet. {reason}",
  "Follow along when I'm at the end": "Mitlaufen, wenn ich am Ende bin",
  "Off: what comes from elsewhere waits until you ask for it.":
    "Aus: Was von anderswo kommt, wartet, bis du es sehen willst.",
  "Only when no tab of Instep is in front of you.": "Nur wenn du gerade keinen Tab von Instep vor dir hast.",
  "Your browser will ask you once.": "Dein Browser wird dich einmal fragen.",
  "Your browser blocks notifications for this page.": "Dein Browser blockiert Benachrichtigungen für diese Seite.",
  "This browser has no notifications.": "Dieser Browser kennt keine Benachrichtigungen.",
  "Tell this device when a reply is ready and nobody looks":
    "Diesem Gerät melden, wenn eine Antwort fertig ist und niemand hinsieht",
  "Also where Instep is closed. Only the chat's title is sent.":
    "Auch wenn Instep geschlossen ist. Gesendet wird nur der Titel des Chats.",
  "Browsers allow this by HTTPS only.": "Browser erlauben das nur über HTTPS.",
  "Add Instep to your home screen first: iPhones and iPads allow this there only.":
    "Füge Instep zuerst zum Home-Bildschirm hinzu: iPhones und iPads erlauben das nur dort.",
  "This browser can't be told while its page is closed.":
    "Diesem Browser lässt sich nichts melden, solange seine Seite geschlossen ist.",
  "The browser's push service can't be reached. Try again.":
    "Der Push-Dienst des Browsers ist nicht erreichbar. Versuche es noch einmal.",
} as const;
