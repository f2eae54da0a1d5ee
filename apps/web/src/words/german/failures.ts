/** German: failures, what happened and what to do. */
const RELOAD = "Lade die Seite neu und versuche es noch einmal.";
const ASK_WHOEVER_RUNS_IT = "Bitte die Person, die diesen Server betreibt, um Zugang.";

export const FAILURES = {
  "{title} {detail}": "{title} Der Server sagt dazu: „{detail}“",
  "Try again in a moment.": "Versuche es gleich noch einmal.",
  "Reload the page, then try again.": RELOAD,
  "The server did not understand the request.": "Der Server hat die Anfrage nicht verstanden.",
  "You are signed out.": "Du bist abgemeldet.",
  "Reload the page to get in again; what you wrote is kept on this device.":
    "Lade die Seite neu, um wieder hineinzukommen; was du geschrieben hast, bleibt auf diesem Gerät erhalten.",
  "This address can't be used to sign up or in here.":
    "Mit dieser Adresse kann man sich hier weder registrieren noch anmelden.",
  "Use the password of the account that it has, or ask whoever runs this server for access.":
    "Nimm das Passwort des Kontos, das es dazu gibt, oder bitte die Person, die diesen Server betreibt, um Zugang.",
  "There were too many attempts.": "Das waren zu viele Versuche.",
  "Check your connection, then try again.": "Prüfe deine Verbindung und versuche es dann noch einmal.",
  "Wait a minute, then try again.": "Warte eine Minute und versuche es dann noch einmal.",
  "Try again in {count} seconds.": {
    one: "Versuche es in {count} Sekunde noch einmal.",
    other: "Versuche es in {count} Sekunden noch einmal.",
  },
  "Try again in {count} minutes.": {
    one: "Versuche es in {count} Minute noch einmal.",
    other: "Versuche es in {count} Minuten noch einmal.",
  },
  "This is not an email address.": "Das ist keine E-Mail-Adresse.",
  "A password has 8 characters or more, and 10,000 at most.":
    "Ein Passwort hat mindestens 8 und höchstens 10.000 Zeichen.",
  "A name needs something that can be seen.": "Ein Name braucht etwas, das man sehen kann.",
  "The server did not accept this address.": "Der Server hat diese Adresse nicht angenommen.",
  "Open Instep at the address that it was set up for.": "Öffne Instep unter der Adresse, für die es eingerichtet ist.",
  "You are not allowed to do this.": "Das darfst du nicht.",
  "Ask whoever runs this server for access.": ASK_WHOEVER_RUNS_IT,
  "This is not here any more.": "Das ist nicht mehr hier.",
  "It may have been deleted on another device.": "Vielleicht wurde es auf einem anderen Gerät gelöscht.",
  "This conversation is not here.": "Diese Unterhaltung ist nicht hier.",
  "It may have been deleted, or it belongs to another account.":
    "Vielleicht wurde sie gelöscht, oder sie gehört zu einem anderen Konto.",
  "This conversation is in the trash.": "Diese Unterhaltung liegt im Papierkorb.",
  "Restore it from the trash to go on with it.": "Hol sie aus dem Papierkorb zurück, um mit ihr weiterzumachen.",
  "This message is not there any more.": "Diese Nachricht ist nicht mehr da.",
  "That earlier version is gone.": "Diese frühere Version ist weg.",
  "It was brought back on another device, or its time has ended.":
    "Sie wurde auf einem anderen Gerät zurückgeholt, oder ihre Zeit ist abgelaufen.",
  "This reply is not there any more.": "Diese Antwort ist nicht mehr da.",
  "Try again to get a new one.": "Versuche es noch einmal, um eine neue zu bekommen.",
  "This conversation was deleted.": "Diese Unterhaltung wurde gelöscht.",
  "Start a new chat; your text is still in the message box.":
    "Beginne einen neuen Chat; dein Text steht noch im Nachrichtenfeld.",
  "A reply is still being written here.": "Hier wird noch eine Antwort geschrieben.",
  "Wait until it has finished, or stop it first.": "Warte, bis sie fertig ist, oder halte sie zuerst an.",
  "This message was already sent in another form.": "Diese Nachricht wurde schon in anderer Form gesendet.",
  "Discard it here, and send it again as a new message.": "Verwirf sie hier und sende sie als neue Nachricht.",
  "There are newer messages in this conversation.": "In dieser Unterhaltung gibt es neuere Nachrichten.",
  "Look at what is new, then try again.": "Sieh dir an, was neu ist, und versuche es dann noch einmal.",
  "This is too large to send.": "Das ist zu groß zum Senden.",
  "Shorten it, or send it in parts.": "Kürze es, oder sende es in Teilen.",
  "This message is too long.": "Diese Nachricht ist zu lang.",
  "It may have 200,000 characters; shorten it, or send it in parts.":
    "Sie darf 200.000 Zeichen haben; kürze sie, oder sende sie in Teilen.",
  "This model is not available any more.": "Dieses Modell gibt es nicht mehr.",
  "Retry sends it to the one that the message box names.":
    "„Erneut senden“ schickt sie an das Modell, das beim Nachrichtenfeld steht.",
  "This account asks more than the server allows.": "Dieses Konto fragt mehr, als der Server erlaubt.",
  "There is no room for another conversation.": "Für eine weitere Unterhaltung ist kein Platz.",
  "Delete some for good, in the trash too, then try again.":
    "Lösche einige endgültig, auch im Papierkorb, und versuche es dann noch einmal.",
  "Several replies are being written already.": "Es werden schon mehrere Antworten geschrieben.",
  "Wait until one has finished, then try again.": "Warte, bis eine fertig ist, und versuche es dann noch einmal.",
  "Something went wrong on the server.": "Auf dem Server ist etwas schiefgegangen.",
  "The model can't be reached.": "Das Modell ist nicht erreichbar.",
  "The model's server refused access.": "Der Server des Modells hat den Zugang verweigert.",
  "The model is being asked too often.": "Das Modell wird zu oft gefragt.",
  "The model stopped in the middle of its reply.": "Das Modell hat mitten in seiner Antwort aufgehört.",
  "The model's answer could not be read.": "Die Antwort des Modells war nicht zu lesen.",
  "The model could not answer.": "Das Modell konnte nicht antworten.",
  "The model took too long.": "Das Modell hat zu lange gebraucht.",
  "The reply was interrupted.": "Die Antwort wurde unterbrochen.",
  "What was written is kept; try again for the rest.":
    "Was geschrieben war, bleibt erhalten; für den Rest versuche es noch einmal.",
  "The server can't answer just now.": "Der Server kann gerade nicht antworten.",
  "The server can't be reached.": "Der Server ist nicht erreichbar.",
  "The server took too long to answer.": "Der Server hat zu lange nicht geantwortet.",
  "The server's answer could not be read.": "Die Antwort des Servers war nicht zu lesen.",
  "This was cancelled.": "Das wurde abgebrochen.",
  "Try again whenever you like.": "Versuche es noch einmal, wann du willst.",
  "Something went wrong.": "Etwas ist schiefgegangen.",
  "The address or the password is not right.": "Die Adresse oder das Passwort stimmt nicht.",
  "Check both, and try again.": "Prüfe beides und versuche es noch einmal.",
  "Your provider has not verified this address.": "Dein Anbieter hat diese Adresse nicht bestätigt.",
  "Verify it there, then sign in again.": "Bestätige sie dort und melde dich dann noch einmal an.",
  "Your provider did not sign you in.": "Dein Anbieter hat dich nicht angemeldet.",
  "Try again, or sign in with a password.": "Versuche es noch einmal, oder melde dich mit einem Passwort an.",
  "The provider can't be reached.": "Der Anbieter ist nicht erreichbar.",
  "Try again in a moment, or sign in with a password.":
    "Versuche es gleich noch einmal, oder melde dich mit einem Passwort an.",
  "This needs a fresh sign-in.": "Dafür musst du dich frisch angemeldet haben.",
  "Sign out, sign in again, and do it within ten minutes.":
    "Melde dich ab und wieder an, und tu es innerhalb von zehn Minuten.",
  "This passkey was not accepted.": "Dieser Passkey wurde nicht angenommen.",
  "Try again; if it stays so, use your password and add the passkey anew.":
    "Versuche es noch einmal; bleibt es dabei, nimm dein Passwort und füge den Passkey neu hinzu.",
  "This passkey is not here any more.": "Dieser Passkey ist nicht mehr hier.",
  "It may have been removed on another device.": "Vielleicht wurde er auf einem anderen Gerät entfernt.",
  "Passkeys can't be used at this address.": "Unter dieser Adresse lassen sich keine Passkeys benutzen.",
  "Open Instep by its name and HTTPS, or ask whoever runs this server to set that up.":
    "Öffne Instep unter seinem Namen und mit HTTPS, oder bitte die Person, die diesen Server betreibt, das einzurichten.",
  "This link can't be used any more.": "Dieser Link gilt nicht mehr.",
  "Ask whoever runs this server for another one.": "Bitte die Person, die diesen Server betreibt, um einen anderen.",
  "This token is not here any more.": "Dieses Token ist nicht mehr hier.",
  "This session has ended.": "Diese Sitzung ist zu Ende.",
  "Nothing needs to be done.": "Du musst nichts tun.",
  "Another import is running.": "Es läuft schon ein Import.",
  "Wait until it has ended, or stop it where it was begun.":
    "Warte, bis er zu Ende ist, oder halte ihn dort an, wo er begonnen wurde.",
  "This preset is not here any more.": "Diese Vorlage ist nicht mehr hier.",
  "There is no room for another preset.": "Für eine weitere Vorlage ist kein Platz.",
  "Delete one first.": "Lösche zuerst eine.",
  "The file can't be read.": "Die Datei ist nicht zu lesen.",
  "Choose an export of one of the kinds that are named.": "Wähle einen Export einer der genannten Arten.",
} as const;
