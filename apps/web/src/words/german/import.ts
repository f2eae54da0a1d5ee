/** German: bringing conversations in. */
export const IMPORT = {
  "Drop it here": "Lass es hier los",
  "An export of conversations (.zip, .json) is imported after a question; the text of another file goes into your message.":
    "Ein Export von Unterhaltungen (.zip, .json) wird nach einer Rückfrage importiert; der Text einer anderen Datei kommt in deine Nachricht.",
  "Import: {outcome}": "Import: {outcome}",
  "One import at a time: drop {files} again once this one has ended.":
    "Immer nur ein Import: Lass {files} noch einmal los, sobald dieser fertig ist.",
  "The import goes on.": "Der Import geht weiter.",
  "Show the report": "Bericht zeigen",
  "Your chats from elsewhere become chats here. Choose the file as you got it, .zip or .json, or drop it anywhere on this page. Importing twice changes nothing; a newer export adds what is new.":
    "Deine Chats von anderswo werden Chats hier. Wähle die Datei, wie du sie bekommen hast, .zip oder .json, oder lass sie irgendwo auf dieser Seite los. Zweimal importieren ändert nichts; ein neuerer Export ergänzt, was neu ist.",
  "Settings, Data controls, Export data": "Einstellungen, Datenkontrolle, Daten exportieren",
  "Settings, Privacy, Export data": "Einstellungen, Datenschutz, Daten exportieren",
  "Settings, Chats, Export chats": "Einstellungen, Chats, Chats exportieren",
  "Settings, Account, Export": "Einstellungen, Konto, Exportieren",
  "Whoever runs the server can also read a file in there:":
    "Wer den Server betreibt, kann eine Datei auch dort einlesen:",
  "Files to import": "Dateien zum Importieren",
  "Choose files…": "Dateien wählen …",
  "Import the conversations of {files}?": "Die Unterhaltungen aus {files} importieren?",
  Import: "Importieren",
  "Sending {file}": "{file} wird gesendet",
  "Reading {file}": "{file} wird gelesen",
  "It goes on when this is closed. Reloading the page stops it: what came in stays, and importing again goes on from there.":
    "Der Import geht weiter, wenn du dies schließt. Lädst du die Seite neu, hält er an: Was da ist, bleibt, und ein neuer Import macht dort weiter.",
  "Import another file": "Noch eine Datei importieren",
  "Stopped. {cameIn} Importing again goes on from there.": "Angehalten. {cameIn} Ein neuer Import macht dort weiter.",
  "{conversations} that stood here got what is new.": "{conversations} hier um Neues ergänzt.",
  "Nothing new: all of it is here already.": "Nichts Neues: Alles davon ist schon hier.",
  "There was nothing to bring in.": "Es gab nichts zu importieren.",
  "{conversations} came in, {messages} in all.": "Importiert: {conversations}, insgesamt {messages}.",
  "{conversations} came in.": "Importiert: {conversations}.",
  "Nothing had come in yet.": "Es war noch nichts importiert.",
  "What came in before stays: {conversations}.": "Was bis dahin importiert war, bleibt: {conversations}.",
  "{file} is larger than this server takes. Whoever runs it can raise IMPORT_LIMIT_MB, or use the command.":
    "{file} ist größer, als dieser Server annimmt. Wer ihn betreibt, kann IMPORT_LIMIT_MB erhöhen oder den Befehl benutzen.",
  "The connection broke. Import the file again: it goes on from there.":
    "Die Verbindung ist abgerissen. Importiere die Datei noch einmal: Es geht dort weiter.",
  "hidden ¦ parts": "versteckt",
  "without text": "ohne Text",
  "calls and results of tools": "Aufrufe und Ergebnisse von Werkzeugen",
  "thoughts of a model": "Gedanken eines Modells",
  "references to sources": "Verweise auf Quellen",
  "on other branches": "auf anderen Zweigen",
  "earlier versions whose time has ended": "frühere Versionen, deren Zeit abgelaufen ist",
  "of an unknown kind": "unbekannter Art",
  "Earlier versions of what was edited or asked again: {count}.":
    "Frühere Versionen von Bearbeitetem oder noch einmal Gefragtem: {count}.",
  "Here already, and continued with what is new: {count}.": "Schon hier und um Neues ergänzt: {count}.",
  "Changed here since, and left as they are: {titles}.": "Seither hier geändert und so gelassen: {titles}.",
  "Here already, or deleted here before: {count}.": "Schon hier oder hier schon gelöscht: {count}.",
  "Without any message: {count}.": "Ohne jede Nachricht: {count}.",
  "Presets that there is no room for, or that are none: {count}.":
    "Vorlagen, für die kein Platz ist oder die keine sind: {count}.",
  "Too long to come in here; the command takes them: {count}.":
    "Zu lang für den Import hier; der Befehl nimmt sie: {count}.",
  "No conversations: {count}.": "Keine Unterhaltungen: {count}.",
  "Parts of conversations that were left out: {reasons}.": "Weggelassene Teile von Unterhaltungen: {reasons}.",
  "“{title}”": "„{title}“",
  "{titles} and {count} more": "{titles} und {count} weitere",
  "{count} conversations": { one: "1 Unterhaltung", other: "{count} Unterhaltungen" },
  "{count} messages": { one: "1 Nachricht", other: "{count} Nachrichten" },
} as const;
