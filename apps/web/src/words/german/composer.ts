/** German: the message box, and what is put into it. */
export const COMPOSER = {
  Message: "Nachricht",
  "Message…": "Nachricht …",
  Stop: "Anhalten",
  "Stopping…": "Wird angehalten …",
  "Too long to send": "Zu lang zum Senden",
  "Send when the reply has ended": "Senden, wenn die Antwort zu Ende ist",
  Model: "Modell",
  "Too long to send.": "Zu lang zum Senden.",
  "{length} characters, {excess} more than the {most} that fit into a message.":
    "{length} Zeichen, {excess} mehr als die {most}, die in eine Nachricht passen.",
  "Pasted texts": "Eingefügte Texte",
  "Put into the box": "Ins Feld übernehmen",
  "{count} lines": { one: "1 Zeile", other: "{count} Zeilen" },
  "{count} characters": { one: "1 Zeichen", other: "{count} Zeichen" },
  "Pasted text · {size}": "Eingefügter Text · {size}",
  "{count} files at once are the most; the others were left out.":
    "Mehr als {count} Dateien auf einmal gehen nicht; die übrigen wurden weggelassen.",
  "{name} is an image. Only text can be sent here: describe it, or paste the text in it.":
    "{name} ist ein Bild. Hier kann nur Text gesendet werden: Beschreib es, oder füge den Text darin ein.",
  "{name} is no text file. Only text can be sent here.":
    "{name} ist keine Textdatei. Hier kann nur Text gesendet werden.",
  "There is no text in {name}.": "{name} enthält keinen Text.",
  "The file": "Die Datei",
  "{name} is too long: a message holds {most} characters.": "{name} ist zu lang: Eine Nachricht fasst {most} Zeichen.",
  "The file could not be read. Reload the page, and try again.":
    "Die Datei konnte nicht gelesen werden. Lade die Seite neu und versuche es noch einmal.",
} as const;
